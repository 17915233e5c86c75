using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IrisOperator.Operator.Tests.Http;

/// <summary>kubelet restarts a pod whose probes are not answered, so nobody who reaches the port may keep others from it.</summary>
public sealed class FloodTests : IDisposable
{
    private const string Head = "POST /registry-events HTTP/1.1\r\nHost: operator\r\n";
    private const string Known = $"Authorization: Bearer {RunningEndpoint.Word}\r\n";
    private const string Unknown = "Authorization: Bearer guess\r\n";
    private const string BodyToCome = "Content-Length: 200000\r\n\r\n{";

    private readonly List<TcpClient> _flood = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _flood.ForEach(connection => connection.Dispose());

    [Fact]
    public async Task probes_and_metrics_are_answered_within_a_second_while_strangers_flood_the_notifications()
    {
        await using var server = await RunningEndpoint.StartAsync();
        await FloodAsync(server, 300, "");
        await FloodAsync(server, 300, Head);
        await FloodAsync(server, 100, Head + Unknown + BodyToCome);
        await FloodAsync(server, 100, Head + Known + BodyToCome);

        for (var round = 0; round < 5; round++)
        {
            using var client = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(1) };
            Assert.Equal("ok\n", await client.GetStringAsync("/healthz", Stop));
            Assert.Contains("process_cpu_seconds_total", await client.GetStringAsync("/metrics", Stop), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task a_notification_beyond_the_budget_is_told_when_to_try_again_and_slow_ones_end_by_themselves()
    {
        await using var server = await RunningEndpoint.StartAsync();
        await FloodAsync(server, 24, Head + Known + BodyToCome);
        using var client = new HttpClient { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", RunningEndpoint.Word);

        using var refused = await UntilAsync(client, HttpStatusCode.TooManyRequests);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);

        var slow = _flood[0].GetStream();
        using var answer = new StreamReader(slow);
        Assert.StartsWith("HTTP/1.1 408", await answer.ReadLineAsync(Stop), StringComparison.Ordinal);
        using var taken = await UntilAsync(client, HttpStatusCode.OK);
    }

    [Fact]
    public async Task without_the_secret_a_body_is_not_waited_for()
    {
        await using var server = await RunningEndpoint.StartAsync();
        await FloodAsync(server, 1, Head + Unknown + BodyToCome);

        using var answer = new StreamReader(_flood[0].GetStream());
        Assert.StartsWith("HTTP/1.1 401", await answer.ReadLineAsync(Stop), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> UntilAsync(HttpClient client, HttpStatusCode wanted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            // One that waits in the queue gives up its place: the flood may not have arrived as a whole.
            using var attempt = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
            attempt.CancelAfter(TimeSpan.FromSeconds(1));
            using var body = new StringContent("""{"events":[]}""");
            try
            {
                var answer = await client.PostAsync("/registry-events", body, attempt.Token);
                if (answer.StatusCode == wanted)
                {
                    return answer;
                }

                answer.Dispose();
            }
            catch (OperationCanceledException) when (!limit.IsCancellationRequested)
            {
                // Another try.
            }
        }
    }

    private async Task FloodAsync(RunningEndpoint server, int connections, string request)
    {
        for (var i = 0; i < connections; i++)
        {
            var connection = new TcpClient();
            _flood.Add(connection);
            await connection.ConnectAsync(IPAddress.Loopback, server.Port, Stop);
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), Stop);
        }
    }
}
