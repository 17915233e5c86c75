using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace IrisOperator.Operator.Hosting;

/// <summary>Logs one JSON object a line: time, level, logger, message, the message's values by name, and the exception.</summary>
/// <remarks>Microsoft.Extensions.Logging.Console does the same with a thread, options and a configuration system behind it.</remarks>
public sealed class JsonLines(Stream output, TimeProvider time) : ILoggerProvider
{
    private readonly Lock _gate = new();

    /// <exception cref="FormatException">There is no such level.</exception>
    public static ILoggerFactory CreateFactory(Stream output, string level, TimeProvider time)
    {
        if (!Enum.TryParse<LogLevel>(level, ignoreCase: true, out var minimum))
        {
            throw new FormatException($"--log-level: \"{level}\" is none of Debug, Information, Warning and Error");
        }

        return LoggerFactory.Create(builder => builder.SetMinimumLevel(minimum).AddProvider(new JsonLines(output, time)));
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() => output.Flush();

    private void Write(
        string category, LogLevel level, string message, IEnumerable<KeyValuePair<string, object?>>? values, Exception? error)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time"u8, time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", null));
            json.WriteString("level"u8, level.ToString());
            json.WriteString("logger"u8, category);
            json.WriteString("message"u8, message);
            foreach (var (name, value) in values ?? [])
            {
                if (name != "{OriginalFormat}")
                {
                    json.WriteString(name, value?.ToString());
                }
            }

            if (error is not null)
            {
                json.WriteString("exception"u8, error.ToString());
            }

            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        lock (_gate)
        {
            output.Write(buffer.WrittenSpan);
        }
    }

    private sealed class Logger(JsonLines owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            owner.Write(category, logLevel, formatter(state, exception), state as IEnumerable<KeyValuePair<string, object?>>, exception);
    }
}
