using System.Text.Json.Nodes;
using IrisOperator.Kube.Crd;
using IrisOperator.Testing;

namespace IrisOperator.Chart.Tests;

/// <summary>What the two ways of installing send to the API server, keyed by kind, namespace and name.</summary>
internal static class Rendering
{
    public const string Namespace = "iris-system";

    public static string ChartFolder { get; } = Path.Combine(Repository.Root, "charts", "iris-operator");

    public static async Task<SortedDictionary<string, JsonNode>> ChartAsync(params string[] values) =>
        Index(await Tool.RunAsync("helm", ["template", "iris", ChartFolder, "--namespace", Namespace, "--skip-tests", .. Flags(values)]));

    public static async Task<SortedDictionary<string, JsonNode>> KustomizeAsync(string folder) =>
        Index(await Tool.RunAsync("kubectl", "kustomize", Path.Combine(Repository.Root, "config", folder)));

    public static IEnumerable<string> Flags(IEnumerable<string> values) => values.SelectMany(value => new[] { "--set", value });

    private static SortedDictionary<string, JsonNode> Index(string yaml)
    {
        var objects = new SortedDictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (var node in Yaml.ReadAll(yaml))
        {
            objects.Add($"{node["kind"]} {node["metadata"]!["namespace"]}/{node["metadata"]!["name"]}", node);
        }

        return objects;
    }
}
