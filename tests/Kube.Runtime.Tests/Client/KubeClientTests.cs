using System.Net;
using System.Net.Http.Headers;
using k8s.Authentication;
using IrisOperator.Testing;

namespace IrisOperator.Kube.Runtime.Tests.Client;

public sealed class KubeClientTests : IDisposable
{
    private const string Pod = """{"kind":"Pod","metadata":{"name":"a","namespace":"ns"}}""";
    private static readonly ObjectKey _key = new("ns", "a");
    private readonly ManualTimeProvider _time = new();
    private readonly FakeServer _server = new();
    private readonly KubeClient _client;

    public KubeClientTests() => _client = Client();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task put_off_request_is_sent_again_after_the_time_the_server_asked_for(int code)
    {
        _server.Answer((HttpStatusCode)code, Status(code), "3").Answer(HttpStatusCode.OK, Pod);

        var reading = _client.GetAsync<V1Pod>(_key, Stop);
        await _time.TimerAsync(TimeSpan.FromSeconds(3));
        Assert.Single(_server.Requests);
        _time.Advance(TimeSpan.FromSeconds(4.5));

        Assert.Equal("a", (await reading)!.Metadata.Name);
        Assert.Equal(2, _server.Requests.Count);
    }

    [Fact]
    public async Task retry_after_is_cut_to_ten_seconds_and_jitter()
    {
        _server.Answer(HttpStatusCode.TooManyRequests, Status(429), "3600").Answer(HttpStatusCode.OK, Pod);

        var reading = _client.GetAsync<V1Pod>(_key, Stop);
        await _time.TimerAsync(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(15));

        Assert.NotNull(await reading);
    }

    [Fact]
    public async Task refusal_that_stays_comes_to_the_caller_after_five_requests()
    {
        for (var i = 0; i < 5; i++)
        {
            _server.Answer(HttpStatusCode.TooManyRequests, Status(429), "0");
        }

        var reading = _client.GetAsync<V1Pod>(_key, Stop);
        await _time.AdvanceUntilAsync(() => reading.IsCompleted, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));

        Assert.Equal(429, (await Assert.ThrowsAsync<KubeApiException>(() => reading)).Code);
        Assert.Equal(5, _server.Requests.Count);
    }

    [Fact]
    public async Task unavailable_create_is_not_repeated_because_it_may_have_happened()
    {
        _server.Answer(HttpStatusCode.ServiceUnavailable, Status(503), "1");

        var error = await Assert.ThrowsAsync<KubeApiException>(
            () => _client.CreateAsync(new V1Pod { Metadata = new V1ObjectMeta { Name = "a", NamespaceProperty = "ns" } }, Stop));

        Assert.Equal(TimeSpan.FromSeconds(1), error.RetryAfter);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task body_is_sent_again_whole_with_a_retry()
    {
        _server.Answer(HttpStatusCode.TooManyRequests, Status(429), "0").Answer(HttpStatusCode.OK, Pod);

        var writing = _client.ApplyAsync(
            new V1Pod { Metadata = new V1ObjectMeta { Name = "a", NamespaceProperty = "ns" } }, new ApplyOptions("m"), Stop);
        await _time.AdvanceUntilAsync(() => writing.IsCompleted, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        await writing;

        Assert.Equal(_server.Requests[0], _server.Requests[1]);
        Assert.Equal("""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"ns"}}""", _server.Requests[1].Body);
    }

    [Fact]
    public async Task missing_is_null_and_deleting_what_is_missing_is_false()
    {
        _server.Answer(HttpStatusCode.NotFound, Status(404)).Answer(HttpStatusCode.NotFound, Status(404));

        Assert.Null(await _client.GetAsync<V1Pod>(_key, Stop));
        Assert.False(await _client.DeleteAsync<V1Pod>(_key, new DeleteOptions { Uid = null }, Stop));
    }

    [Fact]
    public async Task silent_server_does_not_hold_a_caller_for_ever()
    {
        _server.Hangs = true;
        var reading = _client.GetAsync<V1Pod>(_key, Stop);

        _time.Advance(TimeSpan.FromSeconds(30));

        var error = await Assert.ThrowsAsync<TimeoutException>(() => reading);
        Assert.Contains("/api/v1/namespaces/ns/pods/a", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task callers_own_cancellation_stays_a_cancellation()
    {
        _server.Hangs = true;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var reading = _client.GetAsync<V1Pod>(_key, stop.Token);

        await stop.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.Equal(stop.Token, error.CancellationToken);
    }

    [Theory]
    [InlineData("<html>502 Bad Gateway</html>", "<html>502 Bad Gateway</html>")]
    [InlineData("", "HTTP status 502")]
    [InlineData("{\"kind\":\"Status\",\"message\":\"no leader\",\"code\":500}", "no leader")]
    public async Task error_makes_sense_whatever_the_body_is(string body, string message)
    {
        _server.Answer(HttpStatusCode.BadGateway, body);

        var error = await Assert.ThrowsAsync<KubeApiException>(() => _client.GetAsync<V1Pod>(_key, Stop));

        Assert.Equal((502, message), (error.Code, error.Status.Message));
        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task answer_that_is_too_large_or_no_object_is_refused()
    {
        using var small = Client(options: new KubeClientOptions { MaxObjectBytes = 8192 });
        _server.Answer(HttpStatusCode.OK, new string(' ', 100_000)).Answer(HttpStatusCode.OK, "no json");

        await Assert.ThrowsAsync<InvalidDataException>(() => small.GetAsync<V1Pod>(_key, Stop));
        await Assert.ThrowsAsync<InvalidDataException>(() => small.GetAsync<V1Pod>(_key, Stop));
    }

    [Fact]
    public async Task list_sends_the_continue_token_of_each_page()
    {
        _server
            .Answer(HttpStatusCode.OK, Page("a", "t1"))
            .Answer(HttpStatusCode.OK, Page("b", "t2"))
            .Answer(HttpStatusCode.OK, Page("c", ""));

        var list = await _client.ListAsync<V1Pod>(NamespaceScope.In("ns"), new ListOptions { PageSize = 1 }, Stop);

        Assert.Equal(["a", "b", "c"], list.Items.Select(pod => pod.Metadata.Name));
        Assert.EndsWith("?limit=1&continue=t2", _server.Requests[2].Request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task expired_continue_token_is_gone()
    {
        _server.Answer(HttpStatusCode.OK, Page("a", "t1")).Answer(HttpStatusCode.Gone, Status(410));

        Assert.True((await Assert.ThrowsAsync<KubeApiException>(() => _client.ListAsync<V1Pod>(NamespaceScope.All, null, Stop))).IsGone);
    }

    [Fact]
    public async Task truncated_last_line_of_a_watch_is_told()
    {
        var text = """{"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"1"}}}""";
        _server.AnswerStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes($"{text}\n{text[..40]}")));

        var types = new List<WatchEventType>();
        await foreach (var change in _client.WatchAsync<V1Pod>(NamespaceScope.All, new WatchOptions { ResourceVersion = "1" }, Stop))
        {
            types.Add(change.Type);
        }

        Assert.Equal([WatchEventType.Opened, WatchEventType.Added, WatchEventType.Invalid], types);
    }

    [Fact]
    public async Task watch_ends_after_an_error_event()
    {
        var error = """{"type":"ERROR","object":{"kind":"Status","message":"too old","code":410}}""";
        _server.AnswerStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes($"{error}\n{error}\n")));

        var count = 0;
        await foreach (var change in _client.WatchAsync<V1Pod>(NamespaceScope.All, new WatchOptions { ResourceVersion = "1" }, Stop))
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
        var bytes = System.Text.Encoding.UTF8.GetBytes(string.Join("\n\n", lines));
        foreach (var piece in new[] { 1, 3, 4096, 1 << 20 })
        {
            _server.AnswerStream(new SlowStream(bytes, piece));
            var seen = new List<string?>();
            await foreach (var change in _client.WatchAsync<V1Pod>(NamespaceScope.All, new WatchOptions { ResourceVersion = "1" }, Stop))
            {
                seen.Add(change.Object?.Metadata.Name);
            }

            Assert.Equal(names, seen.Skip(1));
        }
    }

    [Fact]
    public async Task watch_line_beyond_the_limit_is_refused()
    {
        using var small = Client(options: new KubeClientOptions { MaxObjectBytes = 20_000 });
        _server.AnswerStream(new SlowStream(new byte[100_000], 4096));

        var watch = small.WatchAsync<V1Pod>(NamespaceScope.All, new WatchOptions { ResourceVersion = "1" }, Stop);
        await using var events = watch.GetAsyncEnumerator(Stop);
        Assert.True(await events.MoveNextAsync());

        await Assert.ThrowsAsync<InvalidDataException>(() => events.MoveNextAsync().AsTask());
    }

    [Fact]
    public async Task refused_credentials_that_stay_the_same_are_not_sent_again()
    {
        using var client = Client(new Unchanged());
        _server.Answer(HttpStatusCode.Unauthorized, Status(401));

        Assert.Equal(401, (await Assert.ThrowsAsync<KubeApiException>(() => client.GetAsync<V1Pod>(_key, Stop))).Code);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task refused_credentials_are_renewed_once()
    {
        var source = new Renewing();
        using var client = Client(source);
        _server.Answer(HttpStatusCode.Unauthorized, Status(401)).Answer(HttpStatusCode.OK, Pod)
            .Answer(HttpStatusCode.Unauthorized, Status(401)).Answer(HttpStatusCode.Unauthorized, Status(401));

        await client.GetAsync<V1Pod>(_key, Stop);
        Assert.Equal(["Bearer 1", "Bearer 2"], _server.Requests.Select(request => request.Authorization));

        var error = await Assert.ThrowsAsync<KubeApiException>(() => client.GetAsync<V1Pod>(_key, Stop));
        Assert.Equal(401, error.Code);
        Assert.Equal(4, _server.Requests.Count);
    }

    private static string Status(int code) => $$"""{"kind":"Status","status":"Failure","message":"m","reason":"R","code":{{code}}}""";

    private static string Page(string name, string next) =>
        $$$"""{"metadata":{"resourceVersion":"5","continue":"{{{next}}}"},"items":[{"metadata":{"name":"{{{name}}}"}}]}""";

    private KubeClient Client(ITokenProvider? credentials = null, KubeClientOptions? options = null)
    {
        var config = new KubernetesClientConfiguration { Host = "https://server:6443/", TokenProvider = credentials };
        return new KubeClient(config, (options ?? new KubeClientOptions()) with { Jitter = () => 0.9 }, _time, _server);
    }

    private sealed class SlowStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }

    private sealed class Unchanged : RotatingCredentials
    {
        public override Task<AuthenticationHeaderValue?> GetAuthenticationHeaderAsync(CancellationToken cancellationToken) =>
            Task.FromResult<AuthenticationHeaderValue?>(new AuthenticationHeaderValue("Bearer", "old"));
    }

    private sealed class Renewing : RotatingCredentials
    {
        private int _token = 1;

        public override Task<AuthenticationHeaderValue?> GetAuthenticationHeaderAsync(CancellationToken cancellationToken) =>
            Task.FromResult<AuthenticationHeaderValue?>(new AuthenticationHeaderValue("Bearer", $"{_token}"));

        public override void Renew(AuthenticationHeaderValue? refused) => _token++;
    }
}
