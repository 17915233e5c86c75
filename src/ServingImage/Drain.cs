using System.Runtime.InteropServices;

namespace IrisOperator.ServingImage;

/// <summary>
/// The first step of a stop that loses no request: not ready, but answering while the endpoints of the Service follow. Kubernetes
/// sends SIGTERM and removes the endpoint at the same time; until every node has heard of the latter, new connections come here.
/// </summary>
internal sealed partial class Drain(TimeSpan time, TimeProvider clock, ILogger<Drain> logger) : IHostedLifecycleService, IDisposable
{
    /// <summary>For the requests in flight on top of their own timeout: the answers still have to reach their clients.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _end = new();
    private volatile bool _hasBegun;

    public bool HasBegun => _hasBegun;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // The second signal, or a developer's Ctrl+C, ends the wait. The first one was the host's.
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => End());
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => End());
        _hasBegun = true;
        LogDraining(time.TotalSeconds);
        try
        {
            await Task.Delay(time, clock, _end.Token);
        }
        catch (OperationCanceledException)
        {
            LogHurried();
        }
    }

    public void End() => _end.Cancel();

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _end.Dispose();

    [LoggerMessage(1, LogLevel.Information, "draining: not ready, accepting for {Seconds} s more")]
    private partial void LogDraining(double seconds);

    [LoggerMessage(2, LogLevel.Information, "second signal: no longer accepting")]
    private partial void LogHurried();
}
