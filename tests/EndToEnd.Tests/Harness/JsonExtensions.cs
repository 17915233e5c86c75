using System.Globalization;
using System.Text.Json.Nodes;

namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>Short ways into an object of the API. What is absent is null.</summary>
public static class JsonExtensions
{
    /// <summary>The path has names of fields, and indices of lists, separated by <c>/</c>.</summary>
    public static JsonNode? At(this JsonNode? node, string path)
    {
        foreach (var part in path.Split('/'))
        {
            node = node is JsonArray list
                ? list.ElementAtOrDefault(int.Parse(part, CultureInfo.InvariantCulture))
                : (node as JsonObject)?[part];
        }

        return node;
    }

    public static string? Text(this JsonNode? node, string path) => node.At(path)?.ToString();

    public static int Number(this JsonNode? node, string path) =>
        int.Parse(node.Text(path) ?? "0", CultureInfo.InvariantCulture);

    public static IReadOnlyList<JsonObject> Objects(this JsonNode? node, string path) =>
        [.. (node.At(path) as JsonArray ?? []).Select(item => (JsonObject)item!)];

    public static string NameOf(this JsonNode node) => node.Text("metadata/name")!;

    public static JsonObject? Condition(this JsonNode? node, string type) =>
        node.Objects("status/conditions").FirstOrDefault(condition => condition.Text("type") == type);

    /// <summary>What goes on, or how it ended last; null where the step was never due.</summary>
    public static JsonObject? Step(this JsonNode? training, string task) =>
        training.Objects("status/steps").FirstOrDefault(step => step.Text("task") == task);

    public static bool HasCondition(this JsonNode? node, string type, string status = "True") =>
        node.Condition(type).Text("status") == status;

    /// <summary>The status belongs to the spec as it is now, and says Ready.</summary>
    public static bool IsReady(this JsonNode? node) => node.IsObserved() && node.HasCondition("Ready");

    public static bool IsObserved(this JsonNode? node) =>
        node.Text("metadata/generation") is { } generation && node.Text("status/observedGeneration") == generation;

    public static JsonObject? LastRun(this JsonNode? training) => training.Objects("status/runs") is [.., var last] ? last : null;
}
