using System.Text.Json.Nodes;
using IrisOperator.Operator.Resources;

namespace IrisOperator.Operator.Tests.Resources;

public sealed class ContainmentTests
{
    [Theory]
    [InlineData("""{"a":1,"b":2}""", """{"a":1}""", true)]
    [InlineData("""{"a":2}""", """{"a":1}""", false)]
    [InlineData("""{}""", """{"a":1}""", false)]
    [InlineData("""{"env":[{"name":"B","value":"2"},{"name":"A","value":"1"}]}""", """{"env":[{"name":"A","value":"1"}]}""", true)]
    [InlineData("""{"env":[{"name":"A","value":"2"}]}""", """{"env":[{"name":"A","value":"1"}]}""", false)]
    [InlineData("""{"args":["a","b"]}""", """{"args":["a"]}""", false)]
    [InlineData("""{"ports":[{"name":"x","port":80,"nodePort":3}]}""", """{"ports":[{"name":"http","port":80}]}""", false)]
    [InlineData("""{"limits":{"memory":"1Gi","cpu":"500m"}}""", """{"limits":{"memory":"1024Mi","cpu":"0.5"}}""", true)]
    [InlineData("""{"limits":{"memory":"1Gi"}}""", """{"limits":{"memory":"1G"}}""", false)]
    [InlineData("""{"value":"1Gi"}""", """{"value":"1024Mi"}""", false)]
    [InlineData("""{"emptyDir":{"medium":""}}""", """{"emptyDir":{}}""", true)]
    public void live_contains_wanted(string live, string wanted, bool expected) =>
        Assert.Equal(expected, Containment.Contains(JsonNode.Parse(live), JsonNode.Parse(wanted)));
}
