using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace IrisOperator.Common;

/// <summary>The log of every program: a console formatter of Microsoft.Extensions.Logging, JSON or plain; scopes on, UTC.</summary>
public static class ConsoleLogging
{
    public const string Formats = "json or text";

    public const string Levels = "debug, info, warning or error";

    // What the interfaces of the options package demand of their types.
    private const DynamicallyAccessedMemberTypes Constructor = DynamicallyAccessedMemberTypes.PublicParameterlessConstructor;

    /// <param name="standardError">For programs whose standard output is their result.</param>
    public static ILoggingBuilder AddProgramConsole(this ILoggingBuilder logging, LogLevel level, string format, bool standardError)
    {
        logging.ClearProviders().SetMinimumLevel(level);
        // What the framework does is of interest only when it fails; its levels are counted from there.
        logging.AddFilter("Microsoft", level > LogLevel.Warning ? level : LogLevel.Warning);
        logging.AddFilter("System", level > LogLevel.Warning ? level : LogLevel.Warning);
        // A web server that cannot start throws, and the program says why in one sentence.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        logging.AddConsole();
        // Options that are made here need not be put together by the container, which takes a fifth of a small program's start-up.
        logging.Services
            .AddSingleton<IOptionsMonitor<ConsoleLoggerOptions>>(new FixedOptions<ConsoleLoggerOptions>(new()
            {
                FormatterName = format == "text" ? ConsoleFormatterNames.Simple : ConsoleFormatterNames.Json,
                LogToStandardErrorThreshold = standardError ? LogLevel.Trace : LogLevel.None,
            }))
            .AddSingleton<IOptionsMonitor<JsonConsoleFormatterOptions>>(Formatter(new JsonConsoleFormatterOptions()))
            .AddSingleton<IOptionsMonitor<SimpleConsoleFormatterOptions>>(
                Formatter(new SimpleConsoleFormatterOptions { SingleLine = true }, separator: " "))
            .AddSingleton<IOptionsMonitor<ConsoleFormatterOptions>>(Formatter(new ConsoleFormatterOptions()));
        return logging;
    }

    /// <summary>Accepts the names of <see cref="LogLevel"/> and the short ones of other programs, in any case.</summary>
    public static bool TryParseLevel(string text, out LogLevel level)
    {
        (level, var known) = text.ToLowerInvariant() switch
        {
            "debug" => (LogLevel.Debug, true),
            "info" or "information" => (LogLevel.Information, true),
            "warning" => (LogLevel.Warning, true),
            "error" => (LogLevel.Error, true),
            _ => (LogLevel.None, false),
        };
        return known;
    }

    private static FixedOptions<T> Formatter<[DynamicallyAccessedMembers(Constructor)] T>(T options, string separator = "")
        where T : ConsoleFormatterOptions
    {
        options.IncludeScopes = true;
        options.UseUtcTimestamp = true;
        options.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'" + separator;
        return new FixedOptions<T>(options);
    }

    private sealed class FixedOptions<[DynamicallyAccessedMembers(Constructor)] T>(T value) : IOptionsMonitor<T>
    {
        public T CurrentValue => value;

        public T Get(string? name) => value;

        public IDisposable? OnChange(Action<T, string?> listener) => null;
    }
}
