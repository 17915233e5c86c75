using System.Text.Json;
using System.Text.Json.Serialization;

namespace IrisOperator.Kube;

/// <summary>Public because the JSON contexts of other assemblies name it.</summary>
public sealed class IntOrStringConverter : JsonConverter<IntOrString>
{
    public override IntOrString Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number ? new IntOrString(reader.GetInt32()) : new IntOrString(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, IntOrString value, JsonSerializerOptions options)
    {
        if (value.Number is { } number)
        {
            writer.WriteNumberValue(number);
            return;
        }

        writer.WriteStringValue(value.Text);
    }
}
