using System.Text.Json;

namespace IrisOperator.Kube.Configuration;

internal sealed class JsonConfigParser : IConfigParser
{
    public ConfigNode Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return Convert(document.RootElement);
        }
        catch (JsonException error)
        {
            throw new FormatException($"line {error.LineNumber + 1}: not valid JSON");
        }
    }

    private static ConfigNode Convert(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new ConfigNode
        {
            Map = element.EnumerateObject().ToDictionary(member => member.Name, member => Convert(member.Value)),
        },
        JsonValueKind.Array => new ConfigNode { Items = [.. element.EnumerateArray().Select(Convert)] },
        JsonValueKind.String => new ConfigNode { Text = element.GetString() },
        JsonValueKind.Null => new ConfigNode(),
        _ => new ConfigNode { Text = element.GetRawText() },
    };
}
