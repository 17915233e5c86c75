using System.Collections.Concurrent;
using System.Globalization;
using IrisOperator.ServingImage.Tests.Hosting;
using IrisOperator.Testing;

namespace IrisOperator.ServingImage.Tests.Shutdown;

/// <summary>
/// Two servers behind a stand-in for a Service that follows their readiness; one is replaced again and again while
/// clients of four styles never stop. Not one request may fail.
/// </summary>
public sealed class RollingUpdateTests : IDisposable
{
    private const int Updates = 3;
    private const string Flower = """{"data":[5.9,3.2,4.8,1.8]}""";
    private const string Expected = """{"name":"versicolor","prediction":1}""";

    private readonly TempFolder _model = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly CancellationTokenSource _done = new();
    private volatile ServerProcess[] _ready = [];
    private int _answered;

    public RollingUpdateTests() => ModelFixtures.WriteIris(_model.Path);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task no_client_of_any_style_sees_a_failure_while_servers_are_replaced()
    {
        var old = await ServerProcess.StartServingAsync(_model.Path, drainSeconds: 2, Ct);
        _ready = [old];
        Func<Task>[] styles = [NewConnectionEachAsync, KeptConnectionAsync, PipelinedAsync, SlowBodyAsync];
        var clients = styles.Select(style => Task.Run(style, Ct)).ToArray();
        for (var i = 0; i < Updates; i++)
        {
            var next = await ServerProcess.StartServingAsync(_model.Path, drainSeconds: 2, Ct);
            _ready = [old, next];
            await UntilAnsweredAsync(_answered + 200);
            old.Terminate();
            await UntilNotReadyAsync(old);
            _ready = [next];
            Assert.Equal(0, (await old.WaitForExitAsync(Ct)).ExitCode);
            old.Dispose();
            old = next;
        }
        await UntilAnsweredAsync(_answered + 200);
        await _done.CancelAsync();
        await Task.WhenAll(clients);
        old.Dispose();

        Assert.Empty(_failures);
        TestContext.Current.SendDiagnosticMessage(
            "{0} requests, {1} failures", _answered.ToString(CultureInfo.InvariantCulture), _failures.Count);
    }

    public void Dispose()
    {
        _done.Dispose();
        _model.Dispose();
    }

    private Task NewConnectionEachAsync() => RepeatAsync(async connection =>
    {
        await connection.SendAsync(RawConnection.Request(Flower, "Connection: close\r\n"), Ct);
        Check(await connection.ReadAnswerAsync(Ct));
        return false;
    });

    private Task KeptConnectionAsync() => RepeatAsync(async connection =>
    {
        await connection.SendAsync(RawConnection.Request(Flower), Ct);
        return !Check(await connection.ReadAnswerAsync(Ct)).Closes;
    });

    /// <summary>As RFC 9112 (9.3.2) has it: what a closed connection left unanswered is sent again on the next one.</summary>
    private Task PipelinedAsync()
    {
        var waiting = 0;
        return RepeatAsync(async connection =>
        {
            waiting = waiting == 0 ? 4 : waiting;
            await connection.SendAsync(Enumerable.Repeat(RawConnection.Request(Flower), waiting).SelectMany(r => r).ToArray(), Ct);
            var closes = false;
            for (; waiting > 0 && !closes; waiting--)
            {
                closes = Check(await connection.ReadAnswerAsync(Ct)).Closes;
            }
            return !closes;
        });
    }

    private Task SlowBodyAsync() => RepeatAsync(async connection =>
    {
        foreach (var part in RawConnection.Request(Flower).Chunk(7))
        {
            await connection.SendAsync(part, Ct);
            await Task.Yield();
        }
        return !Check(await connection.ReadAnswerAsync(Ct)).Closes;
    });

    /// <summary>Runs one client; its exchange says whether the connection may be used again.</summary>
    private async Task RepeatAsync(Func<RawConnection, Task<bool>> exchange)
    {
        var turn = 0;
        while (!_done.IsCancellationRequested)
        {
            var servers = _ready;
            try
            {
                using var connection = await RawConnection.OpenAsync(servers[turn++ % servers.Length].Port, Ct);
                while (await exchange(connection) && !_done.IsCancellationRequested)
                {
                }
            }
            catch (Exception error) when (error is IOException or System.Net.Sockets.SocketException)
            {
                _failures.Enqueue($"{exchange.Method.Name}: {error.Message}");
            }
        }
    }

    private HttpAnswer Check(HttpAnswer? answer)
    {
        if (answer is not { Status: 200, Body: Expected })
        {
            throw new IOException($"expected {Expected}, got {answer?.ToString() ?? "a closed connection"}");
        }
        Interlocked.Increment(ref _answered);
        return answer;
    }

    private async Task UntilAnsweredAsync(int count)
    {
        while (Volatile.Read(ref _answered) < count && _failures.IsEmpty)
        {
            Ct.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static async Task UntilNotReadyAsync(ServerProcess server)
    {
        HttpAnswer? answer;
        do
        {
            using var connection = await RawConnection.OpenAsync(server.Port, Ct);
            await connection.SendAsync("GET /readyz HTTP/1.1\r\nHost: test\r\n\r\n", Ct);
            answer = await connection.ReadAnswerAsync(Ct);
        }
        while (answer!.Status == 200);
    }
}
