using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IrisOperator.Kube;

/// <summary>metav1.MicroTime: the server refuses anything but exactly six decimals.</summary>
public sealed class MicroTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        WriteUtc(writer, value, "yyyy-MM-ddTHH:mm:ss.ffffffZ");

    internal static void WriteUtc(Utf8JsonWriter writer, DateTimeOffset value, string format)
    {
        Span<char> text = stackalloc char[32];
        value.UtcDateTime.TryFormat(text, out var written, format, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..written]);
    }
}
