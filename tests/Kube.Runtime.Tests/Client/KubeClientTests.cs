using System.Net;
using System.Net.Http.Headers;
using k8s.Authentication;
using IrisOperator.Kube.Runtime.Diagnostics;
using IrisOperator.Testing;
using Microsoft.Extensions.Logging.Testing;

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
    public async Task too_many_requests_that_a_proxy_answers_without_a_time_are_sent_again_after_a_back_off()
    {
        _server.Answer(HttpStatusCode.TooManyRequests, "slow down").Answer(HttpStatusCode.TooManyRequests, "slow down")
            .Answer(HttpStatusCode.OK, Pod);

        var reading = _client.GetAsync<V1Pod>(_key, Stop);
        Assert.Single(_server.Requests);
        await _time.AdvanceUntilAsync(() => reading.IsCompleted, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(10));

        Assert.Equal("a", (await reading)!.Metadata.Name);
        Assert.Equal(3, _server.Requests.Count);
        Assert.True(_time.Elapsed >= TimeSpan.FromSeconds(3), $"after {_time.Elapsed}");
    }

    [Fact]
    public async Task a_warning_of_the_server_is_logged_once_and_counted_each_time()
    {
        var log = new FakeLogger();
        using var client = new KubeClient(
            new KubernetesClientConfiguration { Host = "http://api.test" }, new KubeClientOptions { Logger = log }, _time, _server);
        var counter = RuntimeMetrics.Warnings.WithLabels("leases.coordination.k8s.io");
        var before = counter.Value;
        const string Lease = """{"kind":"Lease","metadata":{"name":"a","namespace":"ns"}}""";
        for (var i = 0; i < 3; i++)
        {
            _server.Answer(HttpStatusCode.OK, Lease, warning: """299 - "unknown field \"spec.x\"", 299 - "v1beta1 is deprecated" """);
            await client.GetAsync<V1Lease>(_key, Stop);
        }

        Assert.Equal(6, counter.Value - before);
        Assert.Equal(
            [
                "The API server warns about leases.coordination.k8s.io: unknown field \"spec.x\"",
                "The API server warns about leases.coordination.k8s.io: v1beta1 is deprecated",
            ],
            log.Collector.GetSnapshot().Select(record => record.Message));
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
