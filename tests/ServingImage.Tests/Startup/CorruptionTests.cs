using IrisOperator.Learning;
using IrisOperator.Testing;

namespace IrisOperator.ServingImage.Tests.Startup;

public sealed class CorruptionTests
{
    [Fact]
    public void none_of_1000_flipped_bits_in_a_model_folder_is_served()
    {
        using var folder = new TempFolder();
        ModelFixtures.WriteIris(folder.Path);
        var files = Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal).ToArray();
        var random = new Random(24);
        for (var i = 0; i < 1_000; i++)
        {
            var file = files[i % files.Length];
            var good = File.ReadAllBytes(file);
            var bad = good.ToArray();
            bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(file, bad);

            var error = Record.Exception(() =>
                ServingServer.Load(new ServingOptions { ModelFolder = folder.Path, Port = 0 }, TimeProvider.System));

            Assert.True(error is ModelFormatException, $"flip {i} in {Path.GetFileName(file)}: {error?.Message ?? "served"}");
            File.WriteAllBytes(file, good);
        }
    }
}
