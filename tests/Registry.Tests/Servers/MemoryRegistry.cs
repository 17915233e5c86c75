using System.Text;

namespace IrisOperator.Registry.Tests.Servers;

/// <summary>
/// Manifests, tags and small blobs in memory, one request at a time, in an order that a seed decides: of all requests that wait, it takes
/// any. That way a test sees interleavings that a quick server never shows.
/// </summary>
internal sealed class MemoryRegistry : IAsyncDisposable
{
    private readonly Dictionary<string, (string Type, byte[] Body)> _manifests = [];
    private readonly HashSet<string> _blobs = [];
    private readonly List<TaskCompletionSource> _waiting = [];
    private readonly Lock _gate = new();
    private readonly Random _random;
    private readonly int _clients;
    private readonly bool _deletion;
    private int _finished;
    private bool _busy;

    /// <param name="seed">Decides the order.</param>
    /// <param name="clients">A request is taken only when all clients that have not finished wait for one.</param>
    /// <param name="deletion">Whether tags can be deleted.</param>
    public MemoryRegistry(int seed, int clients, bool deletion)
    {
        (_random, _clients, _deletion) = (new Random(seed), clients, deletion);
        Server = new LoopbackServer(ServeAsync);
    }

    public LoopbackServer Server { get; }

    /// <summary>Every write of a version tag, in order.</summary>
    public List<(string Tag, Digest Digest)> Writes { get; } = [];

    public void Finished()
    {
        lock (_gate)
        {
            _finished++;
            Next();
        }
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private async Task ServeAsync(Exchange exchange)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Add(turn);
            Next();
        }

        await turn.Task.WaitAsync(exchange.Stopping);
        var (code, body, headers) = Answer(exchange);
        lock (_gate)
        {
            _busy = false;
            Next();
        }

        await exchange.AnswerAsync(code, body, headers);
    }

    private void Next()
    {
        if (!_busy && _waiting.Count > 0 && _waiting.Count >= _clients - _finished)
        {
            _busy = true;
            var index = _random.Next(_waiting.Count);
            var turn = _waiting[index];
            _waiting.RemoveAt(index);
            turn.SetResult();
        }
    }

    private (int Code, byte[] Body, (string, string)[] Headers) Answer(Exchange exchange)
    {
        var name = exchange.Path[(exchange.Path.LastIndexOf('/') + 1)..];
        return (exchange.Method, exchange.Path) switch
        {
            (_, "/v2/iris/tags/list") => (200, Tags(), []),
            ("HEAD", _) when exchange.Path.Contains("/blobs/", StringComparison.Ordinal) => (_blobs.Contains(name) ? 200 : 404, [], []),
            ("PUT", _) when exchange.Path.StartsWith("/up", StringComparison.Ordinal) => Finish(exchange),
            ("POST" or "PATCH", _) => (202, [], [("Location", "/up/1")]),
            ("PUT", _) => Put(exchange, name),
            ("DELETE", _) => (_deletion ? Delete(name) : 405, [], []),
            _ when _manifests.TryGetValue(name, out var found) =>
                (200, found.Body, [("Content-Type", found.Type), ("Docker-Content-Digest", Digest.Of(found.Body).ToString())]),
            _ => (404, [], []),
        };
    }

    private byte[] Tags()
    {
        var tags = _manifests.Keys.Where(key => !key.Contains(':', StringComparison.Ordinal)).Select(key => $"\"{key}\"");
        return Encoding.UTF8.GetBytes($$"""{"tags":[{{string.Join(',', tags)}}]}""");
    }

    private int Delete(string digest)
    {
        var tags = _manifests.Where(pair => Digest.Of(pair.Value.Body).ToString() == digest).Select(pair => pair.Key).ToArray();
        Array.ForEach(tags, tag => _manifests.Remove(tag));
        return tags.Length > 0 ? 202 : 404;
    }

    private (int, byte[], (string, string)[]) Finish(Exchange exchange)
    {
        _blobs.Add(Uri.UnescapeDataString(exchange.Target[(exchange.Target.IndexOf("digest=", StringComparison.Ordinal) + 7)..]));
        return (201, [], []);
    }

    private (int, byte[], (string, string)[]) Put(Exchange exchange, string name)
    {
        _manifests[name] = (exchange["Content-Type"]!, exchange.Body);
        if (char.IsAsciiDigit(name[0]))
        {
            Writes.Add((name, Digest.Of(exchange.Body)));
        }

        return (201, [], []);
    }
}
