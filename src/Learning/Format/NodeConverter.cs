using System.Text.Json;
using System.Text.Json.Serialization;

namespace IrisOperator.Learning.Format;

/// <summary>
/// Nodes are nearly all of a model file, so they get a reader of their own: a tenth of the time of the general one, and
/// the first node that is neither a split nor a leaf ends the reading of a hostile file.
/// </summary>
internal sealed class NodeConverter : JsonConverter<NodeDocument>
{
    public override NodeDocument Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("a node is an object");
        }
        var node = default(NodeDocument);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            node = ReadMember(ref reader, node);
        }
        return node.IsSplit || node.IsLeaf
            ? node
            : throw new JsonException("expected either a value or all of feature, threshold, left and right");
    }

    public override void Write(Utf8JsonWriter writer, NodeDocument value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        if (value.Value is { } weight)
        {
            writer.WriteNumber("value"u8, weight);
        }
        else
        {
            writer.WriteNumber("feature"u8, value.Feature!.Value);
            writer.WriteNumber("threshold"u8, value.Threshold!.Value);
            writer.WriteNumber("left"u8, value.Left!.Value);
            writer.WriteNumber("right"u8, value.Right!.Value);
        }
        writer.WriteEndObject();
    }

    private static NodeDocument ReadMember(ref Utf8JsonReader reader, NodeDocument node)
    {
        if (reader.ValueTextEquals("value"u8) && node.Value is null)
        {
            return node with { Value = Single(ref reader) };
        }
        if (reader.ValueTextEquals("feature"u8) && node.Feature is null)
        {
            return node with { Feature = Integer(ref reader) };
        }
        if (reader.ValueTextEquals("threshold"u8) && node.Threshold is null)
        {
            return node with { Threshold = Single(ref reader) };
        }
        if (reader.ValueTextEquals("left"u8) && node.Left is null)
        {
            return node with { Left = Integer(ref reader) };
        }
        if (reader.ValueTextEquals("right"u8) && node.Right is null)
        {
            return node with { Right = Integer(ref reader) };
        }
        throw new JsonException("a member of a node is unknown or given twice");
    }

    private static float Single(ref Utf8JsonReader reader)
    {
        return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetSingle(out var value)
            ? value
            : throw new JsonException("expected a number");
    }

    private static int Integer(ref Utf8JsonReader reader)
    {
        return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value)
            ? value
            : throw new JsonException("expected a whole number");
    }
}
