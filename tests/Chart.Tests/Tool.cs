using System.Diagnostics;
using IrisOperator.Testing.ControlPlane;

namespace IrisOperator.Chart.Tests;

/// <summary>helm and kubectl, as hack/cluster/assets fetched them or as they are installed.</summary>
internal static class Tool
{
    public static Task<(int ExitCode, string Output, string Errors)> TryAsync(string name, params string[] arguments) =>
        TryAsync(null, name, arguments);

    // Whatever cluster the developer is on has no say: without a kubeconfig of the test's own there is none.
    public static async Task<(int ExitCode, string Output, string Errors)> TryAsync(
        TestControlPlane? plane, string name, params string[] arguments)
    {
        var program = Find(name);
        if (program is null)
        {
            var message = $"no {name} in KUBEBUILDER_ASSETS or PATH: run `export KUBEBUILDER_ASSETS=$(hack/cluster/assets)`";
            Assert.SkipWhen(Environment.GetEnvironmentVariable("CI") != "true", message);
            Assert.Fail(message);
        }

        var start = new ProcessStartInfo(program!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KUBECONFIG"] = plane?.KubeConfigFile ?? "/dev/null";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await errors);
    }

    public static async Task<string> RunAsync(string name, params string[] arguments)
    {
        var (exitCode, output, errors) = await TryAsync(name, arguments);
        Assert.True(exitCode == 0, $"{name} {string.Join(' ', arguments)}: {errors}");
        return output;
    }

    /// <summary>kubectl on that control plane; fails with what it said.</summary>
    public static async Task<string> KubectlAsync(TestControlPlane plane, params string[] arguments)
    {
        var (exitCode, output, errors) = await TryAsync(plane, "kubectl", arguments);
        Assert.True(exitCode == 0, $"kubectl {string.Join(' ', arguments)}: {errors}");
        return output;
    }

    private static string? Find(string name) =>
        new[] { Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS") }
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .Where(folder => !string.IsNullOrEmpty(folder))
            .Select(folder => Path.Combine(folder!, name))
            .FirstOrDefault(File.Exists);
}
