using System.Text.Json.Nodes;

namespace IrisOperator.Kube.Crd.Tests;

public sealed class CrdBuilderTests
{
    private static readonly JsonNode Crd = Yaml.ToJson(CrdBuilder.Build(typeof(Sample)));

    private static readonly JsonNode Version = Crd["spec"]!["versions"]![0]!;

    [Fact]
    public void names_come_from_the_definition()
    {
        AssertJson("""{"name": "samples.tests.dev"}""", Crd["metadata"]);
        AssertJson(
            """
            {"kind": "Sample", "listKind": "SampleList", "plural": "samples", "singular": "sample",
            "shortNames": ["sp"], "categories": ["tests"]}
            """,
            Crd["spec"]!["names"]);
    }

    [Fact]
    public void subresources_come_from_the_attributes()
    {
        AssertJson(
            """
            {"status": {}, "scale": {"specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas",
            "labelSelectorPath": ".status.selector"}}
            """,
            Version["subresources"]);
    }

    [Fact]
    public void columns_keep_the_order_they_are_written_in()
    {
        AssertJson(
            """
            [
              {"name": "Ready", "type": "string", "jsonPath": ".status.conditions[?(@.type==\"Ready\")].status"},
              {"name": "Why", "type": "string", "jsonPath": ".status.why", "description": "In a word.", "priority": 1}
            ]
            """,
            Version["additionalPrinterColumns"]);
    }

    [Fact]
    public void the_servers_own_fields_are_only_named()
    {
        var root = Version["schema"]!["openAPIV3Schema"]!;

        AssertJson("""{"type": "object"}""", root["properties"]!["metadata"]);
        AssertJson("""["spec"]""", root["required"]);
    }

    [Fact]
    public void nothing_newer_than_kubernetes_1_20_is_in_it()
    {
        var text = Crd.ToJsonString();

        Assert.DoesNotContain("x-kubernetes-validations", text, StringComparison.Ordinal);
        Assert.DoesNotContain("selectableFields", text, StringComparison.Ordinal);
    }

    [Fact]
    public void conditions_have_the_bounds_of_metav1()
    {
        var condition = Version["schema"]!["openAPIV3Schema"]!["properties"]!["status"]!["properties"]!["conditions"]!["items"]!;

        AssertJson("""["type", "status", "lastTransitionTime", "reason", "message"]""", condition["required"]);
        AssertJson("""["True", "False", "Unknown"]""", condition["properties"]!["status"]!["enum"]);
    }

    [Fact]
    public void a_type_that_is_no_resource_is_refused()
    {
        Assert.Throws<SchemaException>(() => CrdBuilder.Build(typeof(Nested)));
    }

    private static void AssertJson(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}\nactual   {actual?.ToJsonString()}");
}
