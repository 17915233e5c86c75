using System.Diagnostics;

namespace IrisOperator.Testing;

/// <summary>promtool, which hack/promtool fetches from Debian's package prometheus.</summary>
internal static class Promtool
{
    /// <returns>What promtool finds in a page of metrics: errors and what its linter objects to; empty where it finds nothing.</returns>
    public static async Task<string> CheckAsync(string page, CancellationToken cancellationToken)
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "promtool"))
            .FirstOrDefault(File.Exists);
        if (program is null)
        {
            const string message = "no promtool in PATH: run `export PATH=$(hack/promtool):$PATH`";
            Assert.SkipWhen(Environment.GetEnvironmentVariable("CI") != "true", message);
            Assert.Fail(message);
        }

        var start = new ProcessStartInfo(program!, ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.StandardInput.WriteAsync(page.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        var found = await output + await errors;
        return process.ExitCode != 0 && found.Length == 0 ? $"promtool ended with {process.ExitCode}" : found;
    }
}
