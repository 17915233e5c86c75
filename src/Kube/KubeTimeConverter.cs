using System.Text.Json;
using System.Text.Json.Serialization;

namespace IrisOperator.Kube;

/// <summary>metav1.Time: RFC 3339 in UTC, whole seconds. Fractions are cut when written, as the server does.</summary>
public sealed class KubeTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        MicroTimeConverter.WriteUtc(writer, value, "yyyy-MM-ddTHH:mm:ssZ");
}
