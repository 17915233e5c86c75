using System.Text.Json;
using IrisOperator.Kube.Models;
using IrisOperator.Kube.Tests.Wire;

namespace IrisOperator.Kube.Tests.Models;

public sealed class ModelJsonTests
{
    [Fact]
    public void object_carries_its_type_and_nothing_that_was_not_set() => Assert.Equal(
        """{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"a"}}""",
        Json.Of(new V1Job { Metadata = new V1ObjectMeta { Name = "a" } }));

    [Fact]
    public void type_that_is_missing_in_lists_is_known_anyway()
    {
        var pod = JsonSerializer.Deserialize("""{"metadata":{"name":"a"}}""", KubeJsonContext.Default.V1Pod)!;

        Assert.Equal(("v1", "Pod"), (pod.ApiVersion, pod.Kind));
    }

    [Fact]
    public void fields_we_do_not_know_are_skipped()
    {
        var pod = JsonSerializer.Deserialize(
            """{"metadata":{"name":"a","managedFields":[{"x":1}]},"spec":{"future":{"deep":[1,{"x":2}]}},"other":null}""",
            KubeJsonContext.Default.V1Pod)!;

        Assert.Equal("a", pod.Metadata.Name);
    }

    [Fact]
    public void time_has_whole_seconds_and_micro_time_exactly_six_decimals()
    {
        var moment = new DateTimeOffset(2026, 1, 2, 5, 4, 5, 678, TimeSpan.FromHours(2));
        var lease = new V1Lease
        {
            Metadata = new V1ObjectMeta { Name = "a", CreationTimestamp = moment },
            Spec = new V1LeaseSpec { RenewTime = moment },
        };

        var json = Json.Of(lease);

        Assert.Contains("\"creationTimestamp\":\"2026-01-02T03:04:05Z\"", json, StringComparison.Ordinal);
        Assert.Contains("\"renewTime\":\"2026-01-02T03:04:05.678000Z\"", json, StringComparison.Ordinal);
        Assert.Equal(moment, JsonSerializer.Deserialize(json, KubeJsonContext.Default.V1Lease)!.Spec!.RenewTime);
    }

    [Fact]
    public void port_number_and_port_name_stay_what_they_are()
    {
        const string Text =
            """{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},"spec":"""
            + """{"ports":[{"port":80,"targetPort":8080},{"port":81,"targetPort":"http"}]}}""";

        Assert.Equal(Text, Json.Of(JsonSerializer.Deserialize(Text, KubeJsonContext.Default.V1Service)!));
    }
}
