using System.Net;
using System.Net.Sockets;
using IrisOperator.Operator.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace IrisOperator.Operator.Tests.Serving;

/// <summary>Over real sockets.</summary>
public sealed class PodMetricsClientTests : IDisposable
{
    private readonly PodMetricsClient _metrics = new(TimeProvider.System);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task pods_are_asked_at_their_own_addresses()
    {
        await using var server = await ServeAsync("iris_requests_total{code=\"200\"} 40\niris_requests_total{code=\"500\"} 2\n");

        var answers = await _metrics.ReadAsync([Pod("one", "127.0.0.1"), Pod("two", "::1"), Pod("three", null)], PortOf(server), Stop);

        Assert.Equal([new("one", 42, 2), new("two", 42, 2), new PodRequests("three", 0, 0, "it has no address yet")], answers);
    }

    [Theory]
    [InlineData(404, "", "it answered 404")]
    [InlineData(302, "", "it answered 302")]
    [InlineData(200, "hello", "its answer has no iris_requests_total")]
    public async Task an_answer_that_says_nothing_is_a_problem(int status, string body, string problem)
    {
        await using var server = await ServeAsync(body, status);

        var answer = Assert.Single(await _metrics.ReadAsync([Pod("pod", "127.0.0.1")], PortOf(server), Stop));

        Assert.Equal(problem, answer.Problem);
    }

    [Fact]
    public async Task an_answer_without_end_is_not_read_to_it()
    {
        await using var server = await ServeAsync(new string('#', 2 << 20));

        var answer = Assert.Single(await _metrics.ReadAsync([Pod("pod", "127.0.0.1")], PortOf(server), Stop));

        Assert.Equal("ConfigurationLimitExceeded", answer.Problem);
    }

    [Fact]
    public async Task a_pod_that_is_silent_or_gone_keeps_nobody_waiting()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;

        var answers = await _metrics.ReadAsync([Pod("silent", "127.0.0.1"), Pod("gone", "127.0.0.2")], port, Stop);

        Assert.Equal(["it did not answer in time", "ConnectionError"], answers.Select(answer => answer.Problem));
    }

    [Fact]
    public async Task a_pod_on_the_network_of_its_host_is_not_asked()
    {
        var pod = Pod("a", "127.0.0.1");

        var answers = await _metrics.ReadAsync([pod with { Status = pod.Status with { HostIP = "127.0.0.1" } }], 9, Stop);

        Assert.Equal("it is on the host's network", answers[0].Problem);
    }

    public void Dispose() => _metrics.Dispose();

    private static async Task<WebApplication> ServeAsync(string page, int status = 200)
    {
        var server = WebApplication.CreateSlimBuilder(["--urls=http://[::]:0", "--hostBuilder:reloadConfigOnChange=false"]).Build();
        server.MapGet("/metrics", () => Results.Text(page, statusCode: status));
        await server.StartAsync(Stop);
        return server;
    }

    private static int PortOf(WebApplication server) => new Uri(server.Urls.Single()).Port;

    private static V1Pod Pod(string name, string? address) => new()
    {
        Metadata = new V1ObjectMeta { Name = name },
        Status = new V1PodStatus { PodIP = address },
    };
}
