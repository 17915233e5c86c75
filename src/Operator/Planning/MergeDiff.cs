using System.Text.Json.Nodes;

namespace IrisOperator.Operator.Planning;

/// <summary>The JSON merge patch (RFC 7386) that turns one object into another.</summary>
public static class MergeDiff
{
    /// <returns>Null when there is nothing to change.</returns>
    public static JsonObject? Between(JsonObject? from, JsonObject to)
    {
        var patch = new JsonObject();
        foreach (var (name, wanted) in to)
        {
            var seen = from?[name];
            if (JsonNode.DeepEquals(seen, wanted))
            {
                continue;
            }

            patch[name] = seen is JsonObject before && wanted is JsonObject after ? Between(before, after) : wanted?.DeepClone();
        }

        foreach (var (name, _) in from ?? [])
        {
            if (!to.ContainsKey(name))
            {
                patch[name] = null;
            }
        }

        return patch.Count == 0 ? null : patch;
    }
}
