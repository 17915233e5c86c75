using System.CommandLine;
using System.Globalization;
using IrisOperator.Common;
using IrisOperator.Contracts;

namespace IrisOperator.ServingImage;

/// <summary>An option or variable that the server cannot start with. The message names it, its value and what is expected.</summary>
internal sealed class InvalidOptionException(string message) : Exception(message);

internal sealed record ServingOptions
{
    public required string ModelFolder { get; init; }

    /// <summary>"sha256:" and 64 hex digits; null serves whatever the folder holds.</summary>
    public string? ModelDigest { get; init; }

    /// <summary>0 lets the system choose a port (tests); the log line "serving" names it.</summary>
    public int Port { get; init; } = 8080;

    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(2);

    public int MaxConcurrency { get; init; } = DefaultConcurrency;

    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(5);

    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>"json" or "text".</summary>
    public string LogFormat { get; init; } = "json";

    public static int DefaultConcurrency => 2 * Environment.ProcessorCount;
}

/// <summary>The command line. What an option does not say is read from the environment: of --log-level, IRIS_LOG_LEVEL.</summary>
internal sealed class ServingCommand
{
    private const string DefaultTerminationLog = "/dev/termination-log";

    /// <summary>Null where nothing is to be parsed, as in a pod: the parser takes a megabyte.</summary>
    private readonly ParseResult? _parsed;
    private readonly Func<string, string?> _variable;

    public ServingCommand(string[] arguments, Func<string, string?> variable)
    {
        _variable = variable;
        _parsed = arguments.Length == 0 ? null : CreateCommand().Parse(arguments);
    }

    private static RootCommand CreateCommand() =>
        new("Serves one model over HTTP. Each option can be given as a variable: --log-level as IRIS_LOG_LEVEL.")
        {
            Option("model-dir", "FOLDER", "required: the folder with manifest.json, as the trainer leaves it"),
            Option("model-digest", "DIGEST", "sha256:…; refuse to serve any other model"),
            Option("port", "NUMBER", "0 to 65535, 8080 by default; 0 lets the system choose, the log says which"),
            Option("request-timeout-ms", "NUMBER", "for body, queue and computation together, 1 to 600000, 2000 by default"),
            Option("max-concurrency", "NUMBER", "predictions at a time, 0 to 10000; 0, the default, is twice the cores"),
            Option("drain-seconds", "NUMBER", "how long requests are answered after SIGTERM, 0 to 3600, 5 by default"),
            Option("termination-log", "FILE", $"where the reason of a refusal is written, {DefaultTerminationLog} if it exists"),
            Option("log-level", "LEVEL", "debug, info (the default), warning or error"),
            Option("log-format", "FORMAT", "json (the default) or text"),
        };

    /// <summary>Any value is accepted, for it says where errors in the others go. Null for nowhere.</summary>
    public string? TerminationLog => Read("--termination-log").Text
        ?? (File.Exists(DefaultTerminationLog) ? DefaultTerminationLog : null);

    /// <summary>Answers --help and --version.</summary>
    public bool PrintsHelp(out int code)
    {
        code = _parsed is { Errors.Count: 0, Action: not null } ? _parsed.Invoke() : -1;
        return code >= 0;
    }

    /// <exception cref="InvalidOptionException">The first option that is unknown, missing or has a value out of its range.</exception>
    public ServingOptions ReadOptions()
    {
        if (_parsed is { Errors: [var error, ..] })
        {
            throw new InvalidOptionException($"{error.Message} (--help lists the options)");
        }
        var concurrency = ReadNumber("--max-concurrency", 0, 0, 10_000);
        return new ServingOptions
        {
            ModelFolder = Read("--model-dir").Text
                ?? throw new InvalidOptionException($"{ServingVariable.ModelFolder} is not set: expected the folder with manifest.json"),
            ModelDigest = ReadChecked("--model-digest", "sha256: and 64 lower-case hex digits", text => Digest.TryParse(text, out _)),
            Port = ReadNumber("--port", 8080, 0, 65_535),
            RequestTimeout = TimeSpan.FromMilliseconds(ReadNumber("--request-timeout-ms", 2_000, 1, 600_000)),
            MaxConcurrency = concurrency == 0 ? ServingOptions.DefaultConcurrency : concurrency,
            DrainTime = TimeSpan.FromSeconds(ReadNumber("--drain-seconds", 5, 0, 3_600)),
            LogLevel = ReadLevel("--log-level"),
            LogFormat = ReadChecked("--log-format", ConsoleLogging.Formats, text => text is "json" or "text") ?? "json",
        };
    }

    private static Option<string?> Option(string name, string value, string description) =>
        new($"--{name}") { HelpName = value, Description = description };

    /// <summary>Empty is as good as absent. The name is that of the option or of the variable, whichever was given.</summary>
    private (string? Text, string Name) Read(string option)
    {
        var variable = $"IRIS_{option.TrimStart('-').Replace('-', '_').ToUpperInvariant()}";
        return _parsed?.GetValue<string?>(option) is { Length: > 0 } text ? (text, option)
            : (_variable(variable) is { Length: > 0 } value ? value : null, variable);
    }

    private string? ReadChecked(string option, string expected, Func<string, bool> isValid)
    {
        var (text, name) = Read(option);
        return text is null || isValid(text) ? text : throw new InvalidOptionException($"{name}=\"{text}\": expected {expected}");
    }

    private int ReadNumber(string option, int absent, int least, int most)
    {
        var value = absent;
        ReadChecked(option, $"a whole number from {least} to {most}", text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most);
        return value;
    }

    private LogLevel ReadLevel(string option)
    {
        var level = LogLevel.Information;
        ReadChecked(option, ConsoleLogging.Levels, text => ConsoleLogging.TryParseLevel(text, out level));
        return level;
    }
}
