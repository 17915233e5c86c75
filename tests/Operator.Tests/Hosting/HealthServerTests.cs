using System.Net;
using System.Net.Sockets;
using IrisOperator.Operator.Hosting;

namespace IrisOperator.Operator.Tests.Hosting;

public sealed class HealthServerTests
{
    [Theory]
    [InlineData("/healthz", HttpStatusCode.OK, "ok")]
    [InlineData("/readyz?verbose", HttpStatusCode.ServiceUnavailable, "not yet")]
    [InlineData("/secrets", HttpStatusCode.NotFound, "not found\n")]
    public async Task paths_are_answered(string path, HttpStatusCode status, string body)
    {
        using var server = Start(out var address);
        using var client = new HttpClient { BaseAddress = address };

        var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(body, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task clients_that_say_nothing_do_not_hold_up_others()
    {
        using var server = Start(out var address);
        var silent = Enumerable.Range(0, 20).Select(_ => new TcpClient(address.Host, address.Port)).ToList();
        using var client = new HttpClient { BaseAddress = address };

        Assert.Equal("ok", await client.GetStringAsync("/healthz", TestContext.Current.CancellationToken));
        silent.ForEach(connection => connection.Dispose());
    }

    [Fact]
    public async Task other_methods_get_no_answer()
    {
        using var server = Start(out var address);
        using var client = new HttpClient { BaseAddress = address };

        await Assert.ThrowsAsync<HttpRequestException>(() => client.DeleteAsync("/healthz", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(100_000)]
    public async Task a_body_is_read_whole(int length)
    {
        using var server = Start(out var address);
        using var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", "secret");

        var answer = await client.PostAsync("/echo", new ByteArrayContent(new byte[length]), TestContext.Current.CancellationToken);

        Assert.Equal($"Bearer secret {length}", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task a_body_that_is_too_long_gets_no_answer()
    {
        using var server = Start(out var address);
        using var client = new HttpClient { BaseAddress = address };

        await Assert.ThrowsAsync<HttpRequestException>(
            () => client.PostAsync("/echo", new ByteArrayContent(new byte[300_000]), TestContext.Current.CancellationToken));
    }

    private static HealthServer Start(out Uri address)
    {
        var server = new HealthServer(
            0,
            request => request.Path switch
            {
                "/healthz" => new HealthServer.Answer(200, "ok"),
                "/readyz" => new HealthServer.Answer(503, "not yet"),
                "/echo" => new HealthServer.Answer(200, $"{request.Authorization} {request.Body.Length}"),
                _ => null,
            },
            TimeProvider.System);
        server.Start();
        _ = server.RunAsync(TestContext.Current.CancellationToken);
        // IPv4, as kubelet asks, of a listener for all addresses.
        address = new Uri($"http://127.0.0.1:{server.Port}");
        return server;
    }
}
