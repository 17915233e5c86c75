using System.Net.Sockets;
using IrisOperator.ServingImage.Tests.Hosting;
using IrisOperator.Testing;

namespace IrisOperator.ServingImage.Tests.Shutdown;

/// <summary>SIGTERM to the real program, step by step.</summary>
public sealed class DrainTests : IDisposable
{
    private const string Flower = """{"data":[5.9,3.2,4.8,1.8]}""";

    private readonly TempFolder _model = new();

    public DrainTests() => ModelFixtures.WriteIris(_model.Path);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_draining_server_is_not_ready_but_answers_and_closes_what_it_answers()
    {
        using var server = await ServerProcess.StartServingAsync(_model.Path, drainSeconds: 2, Ct);
        using var kept = await RawConnection.OpenAsync(server.Port, Ct);
        await kept.SendAsync(RawConnection.Request(Flower), Ct);
        Assert.False((await kept.ReadAnswerAsync(Ct))!.Closes);

        server.Terminate();
        await server.WaitForLogAsync("draining", Ct);

        var ready = await ExchangeAsync(server, "GET /readyz HTTP/1.1\r\nHost: test\r\n\r\n"u8.ToArray());
        Assert.Equal((503, true), (ready.Status, ready.Closes));
        var alive = await ExchangeAsync(server, "GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n"u8.ToArray());
        Assert.Equal(200, alive.Status);
        var fresh = await ExchangeAsync(server, RawConnection.Request(Flower));
        Assert.Equal((200, true), (fresh.Status, fresh.Closes));
        await kept.SendAsync(RawConnection.Request(Flower), Ct);
        var last = await kept.ReadAnswerAsync(Ct);
        Assert.Equal((200, true), (last!.Status, last.Closes));
        Assert.Null(await kept.ReadAnswerAsync(Ct));
        var (code, errors) = await server.WaitForExitAsync(Ct);
        Assert.Equal((0, ""), (code, errors));
    }

    [Fact]
    public async Task of_pipelined_requests_the_first_is_answered_whole_and_the_connection_ends_without_a_reset()
    {
        using var server = await ServerProcess.StartServingAsync(_model.Path, drainSeconds: 2, Ct);
        using var connection = await RawConnection.OpenAsync(server.Port, Ct);
        server.Terminate();
        await server.WaitForLogAsync("draining", Ct);

        await connection.SendAsync(Enumerable.Repeat(RawConnection.Request(Flower), 5).SelectMany(r => r).ToArray(), Ct);

        var answer = await connection.ReadAnswerAsync(Ct);
        Assert.Equal((200, true), (answer!.Status, answer.Closes));
        Assert.Null(await connection.ReadAnswerAsync(Ct));
    }

    [Fact]
    public async Task a_request_whose_body_is_still_arriving_when_the_listener_closes_is_answered()
    {
        using var server = await ServerProcess.StartServingAsync(_model.Path, drainSeconds: 0, Ct);
        using var slow = await RawConnection.OpenAsync(server.Port, Ct);
        var request = RawConnection.Request(Flower, "Expect: 100-continue\r\n");
        await slow.SendAsync(request.AsMemory(0, request.Length - Flower.Length), Ct);
        // The server asks for the body: from here on the request is in flight.
        Assert.Equal(100, (await slow.ReadAnswerAsync(Ct, withoutBody: true))!.Status);

        server.Terminate();
        await UntilRefusedAsync(server.Port);
        await slow.SendAsync(Flower, Ct);
        var answer = await slow.ReadAnswerAsync(Ct);

        Assert.Equal((200, true), (answer!.Status, answer.Closes));
        Assert.Equal(0, (await server.WaitForExitAsync(Ct)).ExitCode);
    }

    [Fact]
    public async Task a_second_signal_ends_the_wait()
    {
        using var server = await ServerProcess.StartServingAsync(_model.Path, drainSeconds: 3_600, Ct);

        server.Terminate();
        await server.WaitForLogAsync("draining", Ct);
        server.Terminate();

        Assert.Equal(0, (await server.WaitForExitAsync(Ct)).ExitCode);
    }

    public void Dispose() => _model.Dispose();

    private static async Task<HttpAnswer> ExchangeAsync(ServerProcess server, byte[] request)
    {
        using var connection = await RawConnection.OpenAsync(server.Port, Ct);
        await connection.SendAsync(request, Ct);
        return (await connection.ReadAnswerAsync(Ct))!;
    }

    private static async Task UntilRefusedAsync(int port)
    {
        while (true)
        {
            try
            {
                (await RawConnection.OpenAsync(port, Ct)).Dispose();
            }
            catch (SocketException)
            {
                return;
            }
        }
    }
}
