using System.Diagnostics;

namespace IrisOperator.Testing.ControlPlane;

/// <summary>
/// A program that cannot outlive the tests: a shell beside it waits for the end of its own input, which the system closes when the test
/// process dies however it dies, and then kills the program. (PR_SET_PDEATHSIG follows a thread, and .NET's threads come and go.)
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _shell;

    private ChildProcess(Process shell) => _shell = shell;

    public static ChildProcess Start(string logFile, string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true,
            ArgumentList =
            {
                "-c",
                "log=$1; shift; \"$@\" </dev/null >>\"$log\" 2>&1 & child=$!; cat >/dev/null; kill -9 $child; wait $child 2>/dev/null",
                "sh",
                logFile,
                program,
            },
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return new ChildProcess(Process.Start(start)!);
    }

    /// <summary>kill -9, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _shell.Dispose();
    }
}
