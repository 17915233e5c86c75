using System.Text;
using IrisOperator.ServingImage.Logging;
using IrisOperator.ServingImage.Startup;
using IrisOperator.Testing;
using Microsoft.Extensions.Logging;

namespace IrisOperator.ServingImage.Tests.Hosting;

/// <summary>The server on a port of the system's choice inside the test process, so that its parts can be held and looked at.</summary>
public sealed class InProcessServer : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly MemoryStream _log = new();
    private readonly JsonLoggerFactory _loggers;
    private readonly CancellationTokenSource _hurry = new();
    private Task? _stopping;

    private InProcessServer(Func<ServingOptions, ServingOptions>? change, TimeProvider clock)
    {
        Digest = ModelFixtures.WriteIris(_folder.Path);
        _loggers = new JsonLoggerFactory(_log, LogLevel.Information, clock);
        var options = new ServingOptions { ModelFolder = _folder.Path, Port = 0, DrainTime = TimeSpan.Zero };
        Server = ServingServer.Load(change?.Invoke(options) ?? options, _loggers, clock);
    }

    public string Digest { get; }

    public string Log => Encoding.UTF8.GetString(_log.ToArray());

    internal ServingServer Server { get; }

    internal static async Task<InProcessServer> StartAsync(Func<ServingOptions, ServingOptions>? change = null, TimeProvider? clock = null)
    {
        var server = new InProcessServer(change, clock ?? TimeProvider.System);
        await server.Server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public Task<RawConnection> ConnectAsync() => RawConnection.OpenAsync(Server.Port, TestContext.Current.CancellationToken);

    public async Task<HttpAnswer> SendAsync(byte[] request)
    {
        using var connection = await ConnectAsync();
        await connection.SendAsync(request, TestContext.Current.CancellationToken);
        return await connection.ReadAnswerAsync(TestContext.Current.CancellationToken) ?? throw new IOException("no answer");
    }

    public Task<HttpAnswer> PredictAsync(string body) => SendAsync(RawConnection.Request(body));

    public Task<HttpAnswer> GetAsync(string path) => SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: test\r\n\r\n"));

    /// <summary>Takes the only place, and with <paramref name="waiting"/> the only seat before it, until it is disposed.</summary>
    public async Task<IDisposable> SaturateAsync(bool waiting)
    {
        Assert.True(Server.Gate.TryEnter());
        var connection = await ConnectAsync();
        if (waiting)
        {
            await connection.SendAsync(RawConnection.Request("{}"), TestContext.Current.CancellationToken);
            while (Server.Gate.Waiting == 0)
            {
                await Task.Yield();
            }
        }
        return new Saturation(this, connection);
    }

    /// <summary>As the first signal does; the options say how long.</summary>
    public void Drain() => _stopping = Server.StopAsync(_hurry.Token);

    public async ValueTask DisposeAsync()
    {
        await _hurry.CancelAsync();
        await (_stopping ?? Server.StopAsync(CancellationToken.None));
        _hurry.Dispose();
        Server.Dispose();
        _loggers.Dispose();
        _folder.Dispose();
    }

    private sealed class Saturation(InProcessServer server, RawConnection waiting) : IDisposable
    {
        public void Dispose()
        {
            server.Server.Gate.Leave();
            waiting.Dispose();
        }
    }
}
