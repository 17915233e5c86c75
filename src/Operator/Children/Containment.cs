using System.Text.Json.Nodes;

namespace IrisOperator.Operator.Children;

/// <summary>
/// Whether a live object still has everything that we applied. What others added (labels, sidecar fields, defaults of the server)
/// does not count: owning it would start a fight (kserve#2278).
/// </summary>
public static class Containment
{
    private static readonly string[] MergeKeys = ["mountPath", "containerPort", "port", "name", "uid"];

    public static bool Contains(JsonNode? live, JsonNode? wanted, bool quantities = false) => wanted switch
    {
        null => true,
        JsonObject map => live is JsonObject liveMap && map.All(field =>
            Contains(liveMap[field.Key], field.Value, quantities || field.Key is "limits" or "requests")),
        JsonArray list => live is JsonArray liveList && ContainsList(liveList, list, quantities),
        _ => JsonNode.DeepEquals(live, wanted) || (quantities && SameQuantity(live, wanted)),
    };

    private static bool ContainsList(JsonArray live, JsonArray wanted, bool quantities)
    {
        if (wanted.Count > 0 && wanted[0] is JsonObject first && MergeKeys.FirstOrDefault(first.ContainsKey) is { } key)
        {
            return wanted.All(item => live.Any(candidate =>
                JsonNode.DeepEquals(candidate?[key], item?[key]) && Contains(candidate, item, quantities)));
        }

        return live.Count == wanted.Count && wanted.Index().All(item => Contains(live[item.Index], item.Item, quantities));
    }

    private static bool SameQuantity(JsonNode? live, JsonNode wanted) =>
        live is not null && Quantity.Parse(live.ToString()) is { } a && Quantity.Parse(wanted.ToString()) is { } b && a == b;
}
