using System.Text.Json.Nodes;
using IrisOperator.TrainerImage.Publishing;

namespace IrisOperator.TrainerImage.Tests.Publishing;

/// <summary>One run of the command inside the test, with a clock of the test's.</summary>
internal sealed record Publisher(int ExitCode, string Output, string Error)
{
    /// <summary>The compact report, which is the last line of the output.</summary>
    public JsonNode Report => JsonNode.Parse(Output.TrimEnd('\n').Split('\n')[^1])!;

    public string? this[string member] => (string?)Report[member];

    public static async Task<Publisher> RunAsync(IEnumerable<string> arguments, TimeProvider? clock = null, CancellationToken? stop = null)
    {
        await using StringWriter output = new(), error = new();
        var command = new PublishCommand(output, error, _ => null, clock ?? TimeProvider.System);
        var exitCode = await command.RunAsync([.. arguments], stop ?? TestContext.Current.CancellationToken);
        return new Publisher(exitCode, output.ToString(), error.ToString());
    }
}
