using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace IrisOperator.ServingImage.Logging;

/// <summary>Writes whole lines, one at a time, so that lines of two threads never mix.</summary>
internal sealed class JsonLineWriter(Stream output, TimeProvider clock) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _line = new();

    public void Write(
        LogLevel level, string category, string message, IReadOnlyList<KeyValuePair<string, object?>>? values, Exception? exception)
    {
        lock (_lock)
        {
            _line.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(_line))
            {
                json.WriteStartObject();
                json.WriteString("time", clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
                json.WriteString("level", Name(level));
                json.WriteString("category", category);
                json.WriteString("message", message);
                WriteValues(json, values);
                if (exception is not null)
                {
                    json.WriteString("exception", exception.ToString());
                }
                json.WriteEndObject();
            }
            _line.Write("\n"u8);
            output.Write(_line.WrittenSpan);
            output.Flush();
        }
    }

    public void Dispose() => output.Dispose();

    private static void WriteValues(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>>? values)
    {
        for (var i = 0; i < values?.Count; i++)
        {
            var (key, value) = values[i];
            if (key == "{OriginalFormat}")
            {
                continue;
            }
            var name = JsonNamingPolicy.CamelCase.ConvertName(key);
            switch (value)
            {
                case int number:
                    json.WriteNumber(name, number);
                    break;
                case double number:
                    json.WriteNumber(name, number);
                    break;
                default:
                    json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                    break;
            }
        }
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        _ => "error",
    };
}
