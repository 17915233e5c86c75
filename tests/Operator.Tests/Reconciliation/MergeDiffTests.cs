using System.Text.Json.Nodes;
using IrisOperator.Operator.Reconciliation;

namespace IrisOperator.Operator.Tests.Reconciliation;

public sealed class MergeDiffTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""", null)]
    [InlineData("""{"a":1}""", """{"a":2,"b":3}""", """{"a":2,"b":3}""")]
    [InlineData("""{"a":1,"b":2}""", """{"a":1}""", """{"b":null}""")]
    [InlineData("""{"m":{"a":1,"b":2}}""", """{"m":{"a":1,"c":3}}""", """{"m":{"c":3,"b":null}}""")]
    [InlineData("""{"l":[1,2]}""", """{"l":[1]}""", """{"l":[1]}""")]
    [InlineData(null, """{"a":1}""", """{"a":1}""")]
    public void difference_is_the_smallest_merge_patch(string? from, string to, string? patch)
    {
        var diff = MergeDiff.Between((JsonObject?)(from is null ? null : JsonNode.Parse(from)), (JsonObject)JsonNode.Parse(to)!);

        Assert.Equal(patch is null ? null : JsonNode.Parse(patch)!.ToJsonString(), diff?.ToJsonString());
    }
}
