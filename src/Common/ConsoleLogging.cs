using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace IrisOperator.Common;

/// <summary>The log of every program: a console formatter of Microsoft.Extensions.Logging, JSON or plain; scopes on, UTC.</summary>
public static class ConsoleLogging
{
    public const string Formats = "json or text";

    public const string Levels = "debug, info, warning or error";

    /// <param name="standardError">For programs whose standard output is their result.</param>
    public static ILoggingBuilder AddProgramConsole(this ILoggingBuilder logging, LogLevel level, string format, bool standardError)
    {
        logging.ClearProviders().SetMinimumLevel(level);
        // What the framework does is of interest only when it fails; its levels are counted from there.
        logging.AddFilter("Microsoft", level > LogLevel.Warning ? level : LogLevel.Warning);
        logging.AddFilter("System", level > LogLevel.Warning ? level : LogLevel.Warning);
        // A web server that cannot start throws, and the program says why in one sentence.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        if (format == "text")
        {
            logging.AddSimpleConsole(options =>
            {
                Configure(options);
                options.SingleLine = true;
                options.TimestampFormat += " ";
            });
        }
        else
        {
            logging.AddJsonConsole(Configure);
        }

        logging.AddConsole(options => options.LogToStandardErrorThreshold = standardError ? LogLevel.Trace : LogLevel.None);
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

    private static void Configure(ConsoleFormatterOptions options)
    {
        options.IncludeScopes = true;
        options.UseUtcTimestamp = true;
        options.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    }
}
