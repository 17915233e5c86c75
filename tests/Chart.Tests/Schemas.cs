using System.Text.Json.Nodes;

namespace IrisOperator.Chart.Tests;

/// <summary>Walks the schema of a custom resource definition.</summary>
internal static class Schemas
{
    public static JsonNode Root(JsonNode crd) => crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!;

    /// <summary>Every field below spec and status: its path as a user writes it, its name and its schema.</summary>
    public static IEnumerable<(string Path, string Name, JsonObject Schema)> Fields(JsonNode crd) =>
        Properties("", Root(crd)).Where(field =>
            field.Path.StartsWith("spec", StringComparison.Ordinal) || field.Path.StartsWith("status", StringComparison.Ordinal));

    private static IEnumerable<(string Path, string Name, JsonObject Schema)> Properties(string path, JsonNode schema)
    {
        foreach (var (name, value) in schema["properties"] as JsonObject ?? [])
        {
            var inner = path.Length == 0 ? name : $"{path}.{name}";
            yield return (inner, name, value!.AsObject());
            foreach (var field in Properties(inner, value["items"] ?? value["additionalProperties"] ?? value))
            {
                yield return field;
            }
        }
    }
}
