using System.Text.Json.Nodes;
using IrisOperator.TrainerImage.Pruning;

namespace IrisOperator.TrainerImage.Tests.Pruning;

/// <summary>One run of the command inside the test, with a clock of the test's.</summary>
internal sealed record Pruner(int ExitCode, string Output, string Error)
{
    /// <summary>The compact report, which is the last line of the output.</summary>
    public JsonNode Report => JsonNode.Parse(Output.TrimEnd('\n').Split('\n')[^1])!;

    public string? this[string member] => (string?)Report[member];

    public static async Task<Pruner> RunAsync(IEnumerable<string> arguments, TimeProvider? clock = null)
    {
        await using StringWriter output = new(), error = new();
        var command = new PruneCommand(output, error, _ => null, clock ?? TimeProvider.System);
        var exitCode = await command.RunAsync([.. arguments], TestContext.Current.CancellationToken);
        return new Pruner(exitCode, output.ToString(), error.ToString());
    }
}
