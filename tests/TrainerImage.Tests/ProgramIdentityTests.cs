using IrisOperator.Testing;

namespace IrisOperator.TrainerImage.Tests;

public sealed class ProgramIdentityTests
{
    [Fact]
    public async Task the_identity_is_the_sum_of_the_assemblies_sums()
    {
        using var folder = new TempFolder();
        foreach (var name in new[] { "b.dll", "B.dll", "a.dll", "readme" })
        {
            await File.WriteAllTextAsync(folder.Combine(name), name, TestContext.Current.CancellationToken);
        }
        using var process = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("sh", ["-c", $"cd {folder.Path}; LC_ALL=C sha256sum *.dll | sha256sum | cut -d' ' -f1"])
            {
                RedirectStandardOutput = true,
            })!;
        var expected = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Equal($"sha256:{expected.Trim()}", ModelCommand.ProgramDigest(folder.Path).ToString());
    }
}
