using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace IrisOperator.TrainerImage.Tests;

/// <summary>One run of a command inside the test, with a clock of the test's.</summary>
/// <param name="Log">What was logged, a line each.</param>
/// <param name="Errors">What was logged as an error, a line each.</param>
internal sealed record CommandRun(int ExitCode, string Output, string Log, string Errors)
{
    /// <summary>The compact report, which is all of the output.</summary>
    public JsonNode Report => JsonNode.Parse(Output)!;

    public string? this[string member] => (string?)Report[member];

    public static async Task<CommandRun> RunAsync(IEnumerable<string> arguments, TimeProvider? clock = null, CancellationToken? stop = null)
    {
        await using var output = new StringWriter();
        using var log = new FakeLoggerProvider();
        var context = new ProgramContext(output)
        {
            Environment = _ => null,
            Time = clock ?? TimeProvider.System,
            Loggers = (level, _) => LoggerFactory.Create(logging => logging.SetMinimumLevel(level).AddProvider(log)),
        };
        var exitCode = await TrainerProgram.RunAsync([.. arguments], context, stop ?? TestContext.Current.CancellationToken);
        return new CommandRun(exitCode, output.ToString(), Lines(log, LogLevel.Trace), Lines(log, LogLevel.Error));
    }

    private static string Lines(FakeLoggerProvider log, LogLevel least) => string.Concat(
        log.Collector.GetSnapshot().Where(record => record.Level >= least).Select(record => $"{record.Message}{record.Exception}\n"));
}

internal static class Publisher
{
    public static Task<CommandRun> RunAsync(IEnumerable<string> arguments, TimeProvider? clock = null, CancellationToken? stop = null) =>
        CommandRun.RunAsync(["publish", .. arguments], clock, stop);
}

internal static class Pruner
{
    public static Task<CommandRun> RunAsync(IEnumerable<string> arguments, TimeProvider? clock = null) =>
        CommandRun.RunAsync(["prune", .. arguments], clock);
}

internal static class Given
{
    public static GivenOptions Of(IReadOnlyList<Option> options, string arguments, Func<string, string?>? environment = null)
    {
        var command = new Command("test") { new Argument<string[]>("words") { Arity = ArgumentArity.ZeroOrMore } };
        foreach (var option in options)
        {
            command.Add(option);
        }
        var words = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new GivenOptions(command.Parse(words), words, environment ?? (_ => null), "test --help");
    }
}
