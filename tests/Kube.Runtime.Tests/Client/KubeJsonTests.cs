using System.Text.Json;

namespace IrisOperator.Kube.Runtime.Tests.Client;

public sealed class KubeJsonTests
{
    [Fact]
    public void object_carries_its_type_and_nothing_that_was_not_set() => Assert.Equal(
        """{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"a"}}""",
        Write(Kind<V1Job>.Complete(new V1Job { Metadata = new V1ObjectMeta { Name = "a" } })));

    [Fact]
    public void fields_we_do_not_know_and_managed_fields_are_skipped()
    {
        var pod = Read<V1Pod>(
            """{"metadata":{"name":"a","managedFields":[{"time":"no time"}]},"spec":{"future":{"deep":[1,{"x":2}]}},"other":null}""");

        Assert.Equal("a", pod.Metadata.Name);
        Assert.Null(pod.Metadata.ManagedFields);
    }

    [Theory]
    [InlineData(678)]
    [InlineData(0)]
    public void time_has_whole_seconds_and_micro_time_exactly_six_decimals(int milliseconds)
    {
        var moment = new DateTime(2026, 1, 2, 3, 4, 5, milliseconds, DateTimeKind.Utc);
        var lease = new V1Lease
        {
            Metadata = new V1ObjectMeta { Name = "a", CreationTimestamp = moment },
            Spec = new V1LeaseSpec { RenewTime = moment },
        };

        var json = Write(lease);

        Assert.Contains("\"creationTimestamp\":\"2026-01-02T03:04:05Z\"", json, StringComparison.Ordinal);
        Assert.Contains($"\"renewTime\":\"2026-01-02T03:04:05.{milliseconds:000}000Z\"", json, StringComparison.Ordinal);
        Assert.Equal(moment, Read<V1Lease>(json).Spec.RenewTime);
    }

    [Fact]
    public void the_time_of_an_event_has_six_decimals_and_its_last_time_none()
    {
        var moment = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        var json = Write(new Corev1Event { EventTime = moment, LastTimestamp = moment });

        Assert.Contains("\"eventTime\":\"2026-01-02T03:04:05.000000Z\"", json, StringComparison.Ordinal);
        Assert.Contains("\"lastTimestamp\":\"2026-01-02T03:04:05Z\"", json, StringComparison.Ordinal);
        Assert.Null(Read<Corev1Event>("""{"eventTime":null}""").EventTime);
    }

    [Fact]
    public void port_number_and_port_name_stay_what_they_are()
    {
        const string Text =
            """{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},"spec":"""
            + """{"ports":[{"port":80,"targetPort":8080},{"port":81,"targetPort":"http"}]}}""";

        Assert.Equal(Text, Write(Read<V1Service>(Text)));
    }

    private static string Write<T>(T obj) => JsonSerializer.Serialize(obj, KubeJson.TypeInfo<T>());

    private static T Read<T>(string json) => JsonSerializer.Deserialize(json, KubeJson.TypeInfo<T>())!;
}
