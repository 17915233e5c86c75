using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text;
using IrisOperator.TrainerImage.Pruning;
using IrisOperator.TrainerImage.Publishing;

namespace IrisOperator.TrainerImage;

/// <summary>What the program takes from outside.</summary>
/// <param name="Output">Gets help or the compact report. The log goes to standard error.</param>
internal sealed record ProgramContext(TextWriter Output)
{
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Where a bar of progress can be drawn; null if nobody looks.</summary>
    public TextWriter? Terminal { get; init; } = Console.IsErrorRedirected ? null : Console.Error;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Func<LogLevel, string, ILoggerFactory> Loggers { get; init; } = static (level, format) =>
        LoggerFactory.Create(logging => logging.AddProgramConsole(level, format, standardError: true));
}

/// <summary>The command line: train, and its sub-commands.</summary>
internal static class TrainerProgram
{
    private const int HelpWidth = 130;

    public static string Version { get; } = typeof(TrainerProgram).Assembly.GetName().Version!.ToString(3);

    /// <param name="cancellationToken">Signals come on top; both end a command as soon as it can.</param>
    public static Task<int> RunAsync(
        IReadOnlyList<string> arguments, ProgramContext context, CancellationToken cancellationToken = default)
    {
        var parsing = new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null };
        var invocation = new InvocationConfiguration
        {
            Output = context.Output,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = Timeout.InfiniteTimeSpan,
        };
        return Root(arguments, context).Parse(arguments, parsing).InvokeAsync(invocation, cancellationToken);
    }

    private static RootCommand Root(IReadOnlyList<string> arguments, ProgramContext context)
    {
        TrainerCommand[] commands =
        [
            new TrainCommand(context), new ImportCommand(context), new PackageCommand(context), new PublishCommand(context),
            new PruneCommand(context), new PruneModelsCommand(context),
        ];
        var root = new RootCommand { HelpName = "train" };
        root.Directives.Clear();

        // Only the first word is a sub-command: a folder may have the same name.
        var subCommand = commands[1..].FirstOrDefault(command => arguments is [var first, ..] && command.Name == first);
        if (subCommand is null)
        {
            commands[0].AddTo(root, arguments);
        }
        var isHelp = arguments.Any(argument => argument is "-h" or "-?" or "--help");
        foreach (var other in commands[1..].Where(command => isHelp || command == subCommand))
        {
            var command = new Command(other.Name);
            other.AddTo(command, arguments);
            root.Add(command);
        }
        root.Options.OfType<HelpOption>().Single().Action = new Print(result =>
        {
            new HelpAction { MaxWidth = HelpWidth }.Invoke(result);
            return "Options win over their variables. In a variable, several values are separated by commas.\n\n"
                + (subCommand ?? commands[0]).HelpEnd;
        });
        root.Options.OfType<VersionOption>().Single().Action = new Print(_ => $"train {Version}\n");
        return root;
    }

    private sealed class Print(Func<ParseResult, string> text) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.Write(text(parseResult).ReplaceLineEndings("\n"));
            return ExitCode.Success;
        }
    }
}

/// <summary>One command: from what was given to its report and exit code. Every exception becomes a failure.</summary>
/// <param name="pending">What has not been done before the end, for a signal's message.</param>
internal abstract partial class TrainerCommand(
    ProgramContext context, string name, string description, string pending, Func<Exception, (string Reason, int ExitCode)?> reasonOf,
    IReadOnlyList<Option> options, params Argument[] words)
{
    private const string TerminationLog = "/dev/termination-log";

    public string Name => name;

    /// <summary>What the help says after the options.</summary>
    public abstract string HelpEnd { get; }

    protected TimeProvider Time => context.Time;

    protected TextWriter? Terminal => context.Terminal;

    public void AddTo(Command command, IReadOnlyList<string> arguments)
    {
        var help = command is RootCommand ? $"{name} --help" : $"train {name} --help";
        command.Description = description;

        // The last one takes what is too much, so that there is one way to say what is wrong.
        foreach (var word in words.Append(new Argument<string[]>("rest") { Arity = ArgumentArity.ZeroOrMore, Hidden = true }))
        {
            command.Add(word);
        }
        foreach (var option in options.Concat(CommandOption.OfAll))
        {
            command.Add(option);
        }
        command.SetAction(async (result, cancellationToken) =>
        {
            var given = new GivenOptions(result, arguments, context.Environment, help);
            var (report, exitCode) = await InvokeAsync(given, cancellationToken);
            await context.Output.WriteLineAsync(Encoding.UTF8.GetString(report));
            return exitCode;
        });
    }

    protected static string ExitCodes(string success, string transient, string lasting) => $"""
        Exit codes
          0  {success}
          1  failed, another attempt may succeed ({transient})
          2  failed, another attempt would fail in the same way ({lasting})

        """;

    protected static Argument<string> Word(string name, string help) =>
        new(name) { Arity = ArgumentArity.ZeroOrOne, Description = help };

    protected abstract Task<StepReport> RunAsync(GivenOptions given, ILogger logger, CancellationToken cancellationToken);

    protected virtual StepReport Failed(Failure failure) => new()
    {
        Outcome = Outcome.Failed,
        Reason = failure.Reason,
        Message = failure.Message,
        Retriable = failure.ExitCode == ExitCode.MayBeRetried,
        Transient = failure.IsTransient ? true : null,
    };

    // On return all of the log is written: where both streams are one, the report is the last line.
    private async Task<(byte[] Report, int ExitCode)> InvokeAsync(GivenOptions given, CancellationToken cancellationToken)
    {
        var isLevel = ConsoleLogging.TryParseLevel(given.Peek(CommandOption.Level) ?? "info", out var level);
        var format = given.Peek(CommandOption.Format) ?? "json";
        using var loggers = context.Loggers(isLevel ? level : LogLevel.Information, format);
        var logger = loggers.CreateLogger(GetType());
        StepReport report;
        var exitCode = ExitCode.Success;
        try
        {
            _ = (given.Single(CommandOption.Report), given.Single(CommandOption.Level), given.Single(CommandOption.Format));
            report = !isLevel ? throw given.Unexpected(CommandOption.Level, ConsoleLogging.Levels)
                : format is not ("json" or "text") ? throw given.Unexpected(CommandOption.Format, ConsoleLogging.Formats)
                : await RunAsync(given, logger, cancellationToken);
        }
        catch (Exception e) when (Failure.From(e, pending, reasonOf) is var failure)
        {
            // Of a fault of this program the stack trace is logged too.
            LogFailure(logger, failure.IsUnexpected ? e : null, failure.Message);
            (report, exitCode) = (Failed(failure), failure.ExitCode);
        }
        // The termination message is there only when the model is.
        var json = report.ToJson();
        var path = given.Peek(CommandOption.Report) ?? TerminationLog;
        try
        {
            if (path != TerminationLog || File.Exists(path))
            {
                await File.WriteAllBytesAsync(path, json, CancellationToken.None);
            }
            return (json, exitCode);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            LogReportLost(logger, path, e.Message);
            return (json, Math.Max(exitCode, ExitCode.MayBeRetried));
        }
    }

    [LoggerMessage(LogLevel.Error, "{Problem}")]
    private static partial void LogFailure(ILogger logger, Exception? exception, string problem);

    [LoggerMessage(LogLevel.Error, "cannot write the report to {Path}: {Problem}")]
    private static partial void LogReportLost(ILogger logger, string path, string problem);
}
