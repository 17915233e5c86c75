using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IrisOperator.TrainerImage.Tests;

/// <summary>One run of the built program.</summary>
internal sealed record TrainProcess(int ExitCode, string Output, string Error)
{
    /// <summary>The compact report, which is the last line of the output.</summary>
    public JsonNode Report => JsonNode.Parse(Output.TrimEnd('\n').Split('\n')[^1])!;

    /// <summary>What was logged as an error, a line each.</summary>
    public string Errors => string.Concat(
        Error.Split('\n').Select(Parse).Where(line => (string?)line?["LogLevel"] == "Error").Select(line => $"{line!["Message"]}\n"));

    public static async Task<TrainProcess> RunAsync(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string prefix = "")
    {
        using var process = Start(arguments, environment, prefix);
        return await EndAsync(process);
    }

    public static Process Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string prefix = "")
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";
        var program = Path.Combine(AppContext.BaseDirectory, "train.dll");
        string[] command = [.. prefix.Split(' ', StringSplitOptions.RemoveEmptyEntries), dotnet, program, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("IRIS_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }
        return Process.Start(start)!;
    }

    public static async Task<TrainProcess> EndAsync(Process process)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return new TrainProcess(process.ExitCode, await output, await error);
    }

    private static JsonNode? Parse(string line)
    {
        try
        {
            return line.StartsWith('{') ? JsonNode.Parse(line) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
