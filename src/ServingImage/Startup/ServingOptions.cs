using System.Globalization;
using IrisOperator.Common;

namespace IrisOperator.ServingImage.Startup;

/// <summary>What the environment says. Values are checked once, here; docs/spec/server.md lists them for users.</summary>
internal sealed record ServingOptions
{
    public const string DefaultTerminationLog = "/dev/termination-log";

    public required string ModelFolder { get; init; }

    /// <summary>"sha256:" and 64 hex digits; null serves whatever the folder holds.</summary>
    public string? ModelDigest { get; init; }

    /// <summary>0 lets the system choose a port (tests); the log line "serving" names it.</summary>
    public int Port { get; init; } = 8080;

    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(2);

    public int MaxConcurrency { get; init; } = DefaultConcurrency;

    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Null when the variable is absent and the file of Kubernetes does not exist.</summary>
    public string? TerminationLog { get; init; }

    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    public static int DefaultConcurrency => 2 * Environment.ProcessorCount;

    /// <summary>The termination log alone, for errors in the other variables: it accepts any value.</summary>
    public static string? TerminationLogFrom(Func<string, string?> variable)
    {
        return variable("IRIS_TERMINATION_LOG") is { Length: > 0 } path
            ? path
            : File.Exists(DefaultTerminationLog) ? DefaultTerminationLog : null;
    }

    /// <exception cref="InvalidOptionException">The first variable that is missing or has a value out of its range.</exception>
    public static ServingOptions From(Func<string, string?> variable)
    {
        var concurrency = Number(variable, "IRIS_MAX_CONCURRENCY", 0, 0, 10_000);
        return new ServingOptions
        {
            ModelFolder = variable("IRIS_MODEL_DIR") is { Length: > 0 } folder
                ? folder
                : throw new InvalidOptionException("IRIS_MODEL_DIR is not set: expected the folder with manifest.json"),
            ModelDigest = ModelDigestFrom(variable, "IRIS_MODEL_DIGEST"),
            Port = Number(variable, "IRIS_PORT", 8080, 0, 65_535),
            RequestTimeout = TimeSpan.FromMilliseconds(Number(variable, "IRIS_REQUEST_TIMEOUT_MS", 2_000, 1, 600_000)),
            MaxConcurrency = concurrency == 0 ? DefaultConcurrency : concurrency,
            DrainTime = TimeSpan.FromSeconds(Number(variable, "IRIS_DRAIN_SECONDS", 5, 0, 3_600)),
            TerminationLog = TerminationLogFrom(variable),
            LogLevel = Level(variable, "IRIS_LOG_LEVEL"),
        };
    }

    private static int Number(Func<string, string?> variable, string name, int absent, int least, int most)
    {
        if (variable(name) is not { Length: > 0 } text)
        {
            return absent;
        }
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw new InvalidOptionException($"{name}=\"{text}\": expected a whole number from {least} to {most}");
    }

    private static string? ModelDigestFrom(Func<string, string?> variable, string name)
    {
        if (variable(name) is not { Length: > 0 } text)
        {
            return null;
        }
        return Digest.TryParse(text, out _)
            ? text
            : throw new InvalidOptionException($"{name}=\"{text}\": expected sha256: and 64 lower-case hex digits");
    }

    private static LogLevel Level(Func<string, string?> variable, string name)
    {
        return variable(name) switch
        {
            null or "" or "info" => LogLevel.Information,
            "debug" => LogLevel.Debug,
            "warning" => LogLevel.Warning,
            "error" => LogLevel.Error,
            var text => throw new InvalidOptionException($"{name}=\"{text}\": expected debug, info, warning or error"),
        };
    }
}
