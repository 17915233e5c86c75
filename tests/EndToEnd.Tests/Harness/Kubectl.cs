using System.Diagnostics;

namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>The program a user runs, against the cluster of the environment.</summary>
public static class Kubectl
{
    /// <exception cref="ProgramException">The exit code is not 0.</exception>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        var result = await TryAsync("kubectl", arguments);
        return result.ExitCode == 0 ? result.Output : throw new ProgramException($"kubectl {string.Join(' ', arguments)}", result);
    }

    /// <exception cref="ProgramException">The exit code is not 0.</exception>
    public static async Task<string> ApplyAsync(string space, string yaml)
    {
        var result = await TryApplyAsync(space, yaml);
        return result.ExitCode == 0 ? result.Output : throw new ProgramException($"kubectl apply of\n{yaml}\n", result);
    }

    public static Task<ProgramResult> TryApplyAsync(string space, string yaml) =>
        TryAsync("kubectl", ["apply", "--namespace", space, "--filename", "-"], yaml);

    /// <summary>Any program of the PATH. It is killed with the test that runs it.</summary>
    public static async Task<ProgramResult> TryAsync(string program, IReadOnlyList<string> arguments, string? input = null)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var killed = cancellation.Register(() => process.Kill(entireProcessTree: true));
        await process.StandardInput.WriteAsync(input.AsMemory(), cancellation);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var error = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return new ProgramResult(process.ExitCode, await output, await error);
    }
}
