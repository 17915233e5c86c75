using System.Diagnostics;
using IrisOperator.Testing;

namespace IrisOperator.Scripts.Tests;

/// <summary>A script of hack/ that runs in a session of its own, with an environment that other tests have no part in.</summary>
internal sealed class Script : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private Script(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        _errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    public static Script Start(string[] command, params (string Name, string? Value)[] environment)
    {
        var start = new ProcessStartInfo("setsid", ["--wait", .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        // What a test host sets for itself is not for the builds that it starts.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new Script(process);
    }

    /// <summary>Runs Bash code to its end.</summary>
    /// <returns>Its standard output.</returns>
    public static Task<string> BashAsync(string code, params (string Name, string? Value)[] environment) =>
        RunAsync(["bash", "-euo", "pipefail", "-c", code], environment);

    /// <returns>Its standard output. The test fails where its exit code is not 0.</returns>
    public static async Task<string> RunAsync(string[] command, params (string Name, string? Value)[] environment)
    {
        using var script = Start(command, environment);
        var (exitCode, output, errors) = await script.EndAsync();
        var last = errors.TrimEnd().Split('\n')[^1];
        Assert.True(exitCode == 0, $"{string.Join(' ', command)} ended with {exitCode}: {last}\n{output}\n{errors}");
        return output.Trim();
    }

    /// <summary>Waits until it has ended and nobody has its output open.</summary>
    /// <exception cref="TimeoutException">It does not in this time; 5 minutes if none is given.</exception>
    public async Task<(int ExitCode, string Output, string Errors)> EndAsync(TimeSpan? limit = null)
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken)
            .WaitAsync(limit ?? TimeSpan.FromMinutes(5), TimeProvider.System);
        var texts = await Task.WhenAll(_output, _errors).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        return (_process.ExitCode, texts[0], texts[1]);
    }

    /// <summary>Signals the script alone, and none of the programs that it started.</summary>
    /// <param name="signal">KILL or TERM.</param>
    public async Task SignalAsync(string signal) =>
        await BashAsync($"kill -{signal} $(ps -o pid= --ppid {_process.Id}) 2>/dev/null || true");

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
