using System.Text;
using IrisOperator.Testing;

namespace IrisOperator.Kube.Runtime.Tests.Client;

/// <summary>A watch is a stream of lines, each with one event.</summary>
public sealed class WatchLinesTests : IDisposable
{
    private static readonly WatchOptions _from = new() { ResourceVersion = "1" };
    private readonly ManualTimeProvider _time = new();
    private readonly FakeServer _server = new();
    private readonly KubeClient _client;

    public WatchLinesTests() => _client = Client(new KubeClientOptions());

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task truncated_last_line_of_a_watch_is_told()
    {
        var text = """{"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"1"}}}""";
        _server.AnswerStream(new MemoryStream(Encoding.UTF8.GetBytes($"{text}\n{text[..40]}")));

        var types = new List<WatchEventType>();
        await foreach (var change in _client.WatchAsync<V1Pod>(NamespaceScope.All, _from, Stop))
        {
            types.Add(change.Type);
        }

        Assert.Equal([WatchEventType.Opened, WatchEventType.Added, WatchEventType.Invalid], types);
    }

    [Fact]
    public async Task watch_ends_after_an_error_event()
    {
        var error = """{"type":"ERROR","object":{"kind":"Status","message":"too old","code":410}}""";
        _server.AnswerStream(new MemoryStream(Encoding.UTF8.GetBytes($"{error}\n{error}\n")));

        var count = 0;
        await foreach (var change in _client.WatchAsync<V1Pod>(NamespaceScope.All, _from, Stop))
        {
            count += change.Type == WatchEventType.Error ? 1 : 0;
        }

        Assert.Equal(1, count);
    }

    [Fact]
    public async Task lines_of_any_length_arrive_whole_however_the_bytes_are_split()
    {
        string[] names = ["a", new('b', 10_000), "c", new('d', 70_000)];
        const string Line = """{"type":"ADDED","object":{"metadata":{"name":"NAME"}}}""";
        var lines = names.Select(name => Line.Replace("NAME", name, StringComparison.Ordinal));
        var bytes = Encoding.UTF8.GetBytes(string.Join("\n\n", lines));
        foreach (var piece in new[] { 1, 3, 4096, 1 << 20 })
        {
            _server.AnswerStream(new SlowStream(bytes, piece));
            var seen = new List<string?>();
            await foreach (var change in _client.WatchAsync<V1Pod>(NamespaceScope.All, _from, Stop))
            {
                seen.Add(change.Object?.Metadata.Name);
            }

            Assert.Equal(names, seen.Skip(1));
        }
    }

    [Fact]
    public async Task watch_line_beyond_the_limit_is_refused()
    {
        using var small = Client(new KubeClientOptions { MaxObjectBytes = 20_000 });
        _server.AnswerStream(new SlowStream(new byte[100_000], 4096));

        var watch = small.WatchAsync<V1Pod>(NamespaceScope.All, _from, Stop);
        await using var events = watch.GetAsyncEnumerator(Stop);
        Assert.True(await events.MoveNextAsync());

        await Assert.ThrowsAsync<InvalidDataException>(() => events.MoveNextAsync().AsTask());
    }

    private KubeClient Client(KubeClientOptions options) =>
        new(new KubernetesClientConfiguration { Host = "https://server:6443/" }, options, _time, _server);

    private sealed class SlowStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
