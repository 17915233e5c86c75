using System.Buffers;
using System.Text;

namespace IrisOperator.Kube.Runtime.Tests.Client;

public sealed class ObjectDecoderTests
{
    [Fact]
    public void broken_object_in_a_list_fails_alone_with_its_key()
    {
        var (items, invalid, meta) = List(
            """
            {"kind":"PodList","items":[
              {"metadata":{"name":"good","namespace":"ns","resourceVersion":"1"}},
              {"spec":{"activeDeadlineSeconds":"soon"},"metadata":{"labels":{"a":"b"},"name":"bad","namespace":"ns","resourceVersion":"2"}},
              {"metadata":{"name":"also-good","namespace":"ns"}},
              {"metadata":{"namespace":"ns"}},
              "no object"
            ],"metadata":{"resourceVersion":"9","continue":"more"}}
            """);

        Assert.Equal(["good", "also-good"], items.Select(pod => pod.Metadata.Name));
        Assert.Equal([new ObjectKey("ns", "bad"), null, null], invalid.Select(one => one.Key));
        Assert.Contains("activeDeadlineSeconds", invalid[0].Error, StringComparison.Ordinal);
        Assert.Equal(("9", "more"), (meta.ResourceVersion, meta.ContinueProperty));
    }

    [Theory]
    [InlineData("""{"metadata":{"resourceVersion":"1"},"items":null}""")]
    [InlineData("""{"metadata":{"resourceVersion":"1"},"items":[]}""")]
    [InlineData("""{"items":[],"metadata":{"resourceVersion":"1","remainingItemCount":null}}""")]
    public void empty_list_is_empty(string text) => Assert.Empty(List(text).Items);

    [Theory]
    [InlineData("""{"items":[]}""")]
    [InlineData("""{"items":[{"metadata":{"name":"a"}},""")]
    [InlineData("")]
    [InlineData("<html>")]
    public void broken_frame_fails_as_a_whole(string text) => Assert.ThrowsAny<System.Text.Json.JsonException>(() => List(text));

    [Theory]
    [InlineData("ADDED", WatchEventType.Added)]
    [InlineData("MODIFIED", WatchEventType.Modified)]
    [InlineData("DELETED", WatchEventType.Deleted)]
    public void watch_line_with_an_object(string type, WatchEventType expected)
    {
        var change = Line($$"""{ "type":"{{type}}","object":{"metadata":{"name":"a","namespace":"ns","resourceVersion":"7"} } }""");

        Assert.Equal((expected, "a", "7"), (change.Type, change.Object!.Metadata.Name, change.ResourceVersion));
    }

    [Fact]
    public void order_of_the_members_of_a_watch_line_does_not_matter() =>
        Assert.Equal(WatchEventType.Added, Line("""{"extra":[1],"object":{"metadata":{"name":"a"}},"type":"ADDED"}""").Type);

    [Fact]
    public void bookmark_needs_only_a_version()
    {
        var change = Line(
            """{"type":"BOOKMARK","object":{"kind":"Pod","apiVersion":"v1","metadata":"""
            + """{"resourceVersion":"12746","creationTimestamp":null},"spec":{"containers":null}}}""");

        Assert.Equal((WatchEventType.Bookmark, "12746"), (change.Type, change.ResourceVersion));
    }

    [Fact]
    public void error_event_carries_its_status()
    {
        var change = Line(
            """{"type":"ERROR","object":"""
            + """{"kind":"Status","status":"Failure","message":"too old resource version: 1 (2)","reason":"Expired","code":410}}""");

        Assert.Equal((WatchEventType.Error, 410), (change.Type, change.Status!.Code));
    }

    [Theory]
    [InlineData("""{"type":"ADDED","object":{"metadata":{"name":"a","namespace":"ns","resourceVersion":"7"},"spec":{"hostN""", null)]
    [InlineData("""{"type":"ADDED","object":{"metadata":{"name":"a","namespace":"ns","resourceVersion":"7"},"spec":7}}""", "ns/a")]
    [InlineData("""{"type":"ADDED"}""", null)]
    [InlineData("""{"type":"RENAMED","object":{"metadata":{"name":"a"}}}""", null)]
    [InlineData("""{"type":7,"object":{}}""", null)]
    [InlineData("""{"type":"ERROR","object":"x"}""", null)]
    [InlineData("""{"type":"BOOKMARK","object":{}}""", null)]
    [InlineData("upstream connect error", null)]
    [InlineData("[]", null)]
    [InlineData("7", null)]
    public void line_that_cannot_be_understood_is_told(string line, string? key)
    {
        var change = Line(line);

        Assert.Equal(WatchEventType.Invalid, change.Type);
        Assert.Equal(key, change.Invalid!.Key?.ToString());
    }

    [Fact]
    public void every_truncation_of_a_line_is_told_and_never_throws()
    {
        const string Whole =
            """{"type":"MODIFIED","object":{"metadata":{"name":"ä","namespace":"ns","resourceVersion":"7","labels":{"a":"b"}},"status":"""
            + """{"phase":"Running"}}}""";
        var bytes = Encoding.UTF8.GetBytes(Whole);
        for (var length = 1; length < bytes.Length; length++)
        {
            Assert.Equal(WatchEventType.Invalid, ObjectDecoder.DecodeEvent<V1Pod>(new ReadOnlySequence<byte>(bytes, 0, length)).Type);
        }
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"bad"},"spec":{"containers":[{"resources":{"limits":{"cpu":"much"}}}]}}""")]
    [InlineData("""{"metadata":{"name":"bad"},"spec":{"containers":[{"resources":{"limits":{"cpu":"1.2.3"}}}]}}""")]
    [InlineData("""{"metadata":{"name":"bad"},"spec":{"containers":[{"resources":{"limits":{"cpu":"1Zi"}}}]}}""")]
    [InlineData("""{"metadata":{"name":"bad"},"spec":{"containers":[{"livenessProbe":{"httpGet":{"port":1.5}}}]}}""")]
    [InlineData("""{"metadata":{"name":"bad"},"spec":{"containers":[{"livenessProbe":{"httpGet":{"port":{}}}}]}}""")]
    [InlineData("""{"metadata":{"name":"bad","creationTimestamp":"yesterday"}}""")]
    public void text_that_a_converter_of_the_package_throws_at_is_an_invalid_object(string json)
    {
        var (items, invalid, _) = List($$$"""{"items":[{{{json}}},{"metadata":{"name":"good"} }],"metadata":{"resourceVersion":"1"} }""");

        Assert.Equal("good", Assert.Single(items).Metadata.Name);
        Assert.Equal("bad", Assert.Single(invalid).Key?.Name);
    }

    [Fact]
    public void items_of_a_list_know_their_type_although_the_server_leaves_it_out()
    {
        var pod = Assert.Single(List("""{"items":[{"metadata":{"name":"a"}}],"metadata":{"resourceVersion":"1"}}""").Items);

        Assert.Equal(("v1", "Pod"), (pod.ApiVersion, pod.Kind));
    }

    private static (List<V1Pod> Items, List<InvalidObject> Invalid, V1ListMeta Meta) List(string text)
    {
        var (items, invalid) = (new List<V1Pod>(), new List<InvalidObject>());
        return (items, invalid, ObjectDecoder.DecodeList(Bytes(text), items, invalid));
    }

    private static WatchEvent<V1Pod> Line(string text) => ObjectDecoder.DecodeEvent<V1Pod>(Bytes(text));

    private static ReadOnlySequence<byte> Bytes(string text) => new(Encoding.UTF8.GetBytes(text));
}
