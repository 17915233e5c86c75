using IrisOperator.ServingImage.Http;

namespace IrisOperator.ServingImage.Shutdown;

/// <summary>
/// The way out, in an order that loses no request: not ready, then still answering while the endpoints of the Service
/// follow, then no new connections, then the requests in flight.
/// </summary>
internal sealed partial class GracefulShutdown(
    KestrelHost host,
    DrainState drain,
    TimeSpan drainTime,
    TimeSpan requestTimeout,
    TimeProvider clock,
    ILogger<GracefulShutdown> logger)
{
    /// <summary>On top of the request timeout: the answer still has to reach the client.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(3);

    /// <param name="hurry">Ends the wait of the second step: a second signal, or a developer's Ctrl+C.</param>
    public async Task RunAsync(CancellationToken hurry)
    {
        // Kubernetes sends SIGTERM and removes the endpoint at the same time; until every node has heard of the latter,
        // new connections still come here.
        drain.Begin();
        LogDraining(drainTime.TotalSeconds);
        try
        {
            await Task.Delay(drainTime, clock, hurry);
        }
        catch (OperationCanceledException)
        {
            LogHurried();
        }
        using var patience = new CancellationTokenSource(requestTimeout + Margin, clock);
        await host.StopAsync(patience.Token);
        LogStopped();
    }
}
