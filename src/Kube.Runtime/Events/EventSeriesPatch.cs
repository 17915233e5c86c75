using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace IrisOperator.Kube.Runtime.Events;

internal static class EventSeriesPatch
{
    public static KubePatch Write(int count, DateTimeOffset lastObserved)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("series"u8);
            json.WriteNumber("count"u8, count);
            json.WriteString(
                "lastObservedTime"u8, lastObserved.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return KubePatch.Merge(buffer.WrittenMemory);
    }
}
