using System.Text.Json.Nodes;

namespace IrisOperator.Chart.Tests;

public sealed class SameObjectsTests
{
    // The whole of the difference. The namespace is made by `helm install --create-namespace`.
    private const string OnlyKustomize = "Namespace /iris-system";
    private static readonly string[] HelmsOwn = ["helm.sh/chart", "helm.sh/resource-policy"];

    [Fact]
    public async Task chart_and_kustomize_install_the_same_objects()
    {
        var chart = await Rendering.ChartAsync();
        var kustomize = await Rendering.KustomizeAsync("default");

        Assert.True(kustomize.Remove(OnlyKustomize));
        Assert.Equal(kustomize.Keys, chart.Keys);
        foreach (var (key, expected) in kustomize)
        {
            var actual = chart[key];
            RemoveHelmsOwn(actual);
            Assert.Equal(Sorted(expected)!.ToJsonString(), Sorted(actual)!.ToJsonString());
        }
    }

    [Fact]
    public async Task every_object_of_the_chart_names_its_chart_except_the_kinds()
    {
        foreach (var (key, node) in await Rendering.ChartAsync())
        {
            var isKind = key.StartsWith("CustomResourceDefinition", StringComparison.Ordinal);
            Assert.Equal(isKind, node["metadata"]!["labels"]!["helm.sh/chart"] is null);
            Assert.Equal(isKind, (string?)node["metadata"]!["annotations"]?["helm.sh/resource-policy"] == "keep");
        }
    }

    private static void RemoveHelmsOwn(JsonNode node)
    {
        var metadata = node["metadata"]!.AsObject();
        foreach (var holder in new[] { "labels", "annotations" })
        {
            foreach (var name in HelmsOwn)
            {
                (metadata[holder] as JsonObject)?.Remove(name);
            }

            if (metadata[holder] is JsonObject { Count: 0 })
            {
                metadata.Remove(holder);
            }
        }
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map
            .OrderBy(field => field.Key, StringComparer.Ordinal)
            .Select(field => KeyValuePair.Create(field.Key, Sorted(field.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
