using System.Text;
using System.Threading.RateLimiting;
using IrisOperator.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace IrisOperator.ServingImage.Tests.Hosting;

/// <summary>The server on a port of the system's choice inside the test process, so that its parts can be held and looked at.</summary>
public sealed class InProcessServer : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeLoggerProvider _log = new();
    private Task? _stopping;

    private InProcessServer(Func<ServingOptions, ServingOptions>? change, TimeProvider clock, string? model)
    {
        Digest = model is null ? ModelFixtures.WriteIris(_folder.Path) : ModelFixtures.WriteFolder(_folder.Path, model);
        var options = new ServingOptions { ModelFolder = _folder.Path, Port = 0, DrainTime = TimeSpan.Zero };
        Server = ServingServer.Load(
            change?.Invoke(options) ?? options, clock, logging => logging.ClearProviders().AddProvider(_log));
    }

    public string Digest { get; }

    /// <summary>What was logged at the level of an error.</summary>
    public IEnumerable<string> Errors => _log.Collector.GetSnapshot()
        .Where(record => record.Level >= LogLevel.Error).Select(record => $"{record.Message} {record.Exception}");

    public RateLimiter Limiter => Server.Limiter;

    internal ServingServer Server { get; }

    /// <param name="model">Text of model.json; the Iris model without.</param>
    internal static async Task<InProcessServer> StartAsync(
        Func<ServingOptions, ServingOptions>? change = null, TimeProvider? clock = null, string? model = null)
    {
        var server = new InProcessServer(change, clock ?? TimeProvider.System, model);
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
        var place = Limiter.AttemptAcquire();
        Assert.True(place.IsAcquired);
        var connection = await ConnectAsync();
        if (waiting)
        {
            await connection.SendAsync(RawConnection.Request("{}"), TestContext.Current.CancellationToken);
            while (Limiter.GetStatistics()!.CurrentQueuedCount == 0)
            {
                await Task.Yield();
            }
        }
        return new Saturation(place, connection);
    }

    /// <summary>As the first signal does; the options say how long.</summary>
    public void Drain() => _stopping = Server.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Server.Drain.End();
        await (_stopping ?? Server.StopAsync());
        await Server.DisposeAsync();
        _log.Dispose();
        _folder.Dispose();
    }

    private sealed class Saturation(RateLimitLease place, RawConnection waiting) : IDisposable
    {
        public void Dispose()
        {
            place.Dispose();
            waiting.Dispose();
        }
    }
}
