using IrisOperator.Kube.Models;
using IrisOperator.Kube.Wire;

namespace IrisOperator.Kube.Tests.Wire;

public sealed class DecoderTests
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
        Assert.Equal(("9", "more"), (meta.ResourceVersion, meta.Continue));
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
    public void rule_2_line_that_cannot_be_understood_is_told(string line, string? key)
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
        var bytes = Json.Bytes(Whole);
        for (var length = 1; length < bytes.Length; length++)
        {
            Assert.Equal(WatchEventType.Invalid, WatchLineDecoder.Decode<V1Pod>(bytes.AsSpan(0, length)).Type);
        }
    }

    [Fact]
    public async Task lines_of_any_length_arrive_whole_however_the_bytes_are_split()
    {
        string[] lines = ["a", new('b', 10_000), "", "c", new('d', 70_000), "last without feed"];
        foreach (var piece in new[] { 1, 3, 4096, 1 << 20 })
        {
            await using var reader = new LineReader(new SlowStream(Json.Bytes(string.Join('\n', lines)), piece), 1 << 20);
            var seen = new List<string>();
            while (await reader.MoveNextAsync(TestContext.Current.CancellationToken))
            {
                seen.Add(System.Text.Encoding.UTF8.GetString(reader.Current.Span));
            }

            Assert.Equal(lines.Where(line => line.Length > 0), seen);
        }
    }

    [Fact]
    public async Task line_beyond_the_limit_is_refused()
    {
        await using var reader = new LineReader(new SlowStream(new byte[100_000], 4096), 20_000);

        await Assert.ThrowsAsync<InvalidDataException>(() => reader.MoveNextAsync(TestContext.Current.CancellationToken).AsTask());
    }

    private static (List<V1Pod> Items, List<InvalidObject> Invalid, V1ListMeta Meta) List(string text)
    {
        var (items, invalid) = (new List<V1Pod>(), new List<InvalidObject>());
        return (items, invalid, ListDecoder.Decode(Json.Bytes(text), items, invalid));
    }

    private static WatchEvent<V1Pod> Line(string text) => WatchLineDecoder.Decode<V1Pod>(Json.Bytes(text));

    private sealed class SlowStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
