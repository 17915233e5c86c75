using System.Diagnostics;

namespace IrisOperator.Images.Tests;

/// <summary>Debian's programs and the scripts of hack/images.</summary>
internal static class Tool
{
    public static async Task<(int ExitCode, string Output, string Errors)> TryAsync(
        string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        // A script of the work tree, or a program in PATH.
        var file = program.Contains('/', StringComparison.Ordinal) ? Path.Combine(IrisOperator.Testing.Repository.Root, program) : program;
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = IrisOperator.Testing.Repository.Root,
        };
        // No registry takes part, and what a test host sets for itself is not for the builds that it starts.
        var foreign = start.Environment.Keys
            .Where(name => name == "REGISTRY" || name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
            .ToArray();
        foreach (var name in foreign)
        {
            start.Environment.Remove(name);
        }
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        return (process.ExitCode, await output, await errors);
    }

    public static async Task<string> RunAsync(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        var (exitCode, output, errors) = await TryAsync(program, arguments, environment);
        var reason = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
        Assert.True(
            exitCode == 0,
            $"{program} ended with {exitCode}: {reason}\nits arguments: {string.Join(' ', arguments)}\n{output}\n{errors}");
        return output;
    }

    /// <summary>Without these the test fails in CI and is skipped elsewhere, both with what to install.</summary>
    public static void Require(params (string Program, string Package)[] needed)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Append("/usr/sbin")
            .Append("/sbin")
            .ToArray();
        var missing = needed
            .Where(tool => !folders.Any(folder => File.Exists(Path.Combine(folder, tool.Program))))
            .Select(tool => tool.Package)
            .ToList();
        if (Environment.UserName != "root")
        {
            missing.Add("(and run as root, which chroot needs)");
        }
        if (missing.Count > 0)
        {
            var message = $"please install: {string.Join(' ', missing)}";
            Assert.SkipWhen(Environment.GetEnvironmentVariable("CI") != "true", message);
            Assert.Fail(message);
        }
    }
}
