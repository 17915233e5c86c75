using IrisOperator.Kube.Runtime.Controllers;
using Microsoft.Extensions.Logging;

namespace IrisOperator.Kube.Runtime.Leadership;

/// <summary>What only the leader does: the controllers and the work beside them, from the won election to their orderly end.</summary>
/// <param name="drainTimeout">What a pass in progress is given after a stop; after a lost lease there is none.</param>
internal sealed partial class LeaderWork(
    IReadOnlyList<IController> controllers,
    IReadOnlyList<Func<CancellationToken, Task>> others,
    TimeSpan drainTimeout,
    ILogger<LeaderWork> logger,
    TimeProvider time)
{
    // Longer than a pass takes to notice its token; a pass that does not notice keeps the lease from being released.
    private static readonly TimeSpan _abortGrace = TimeSpan.FromSeconds(3);

    /// <summary>Returns when all reconciles have ended, and throws what ended any of the work by itself.</summary>
    /// <exception cref="OperatorFailedException">Reconciles did not end although they were cancelled.</exception>
    public async Task RunAsync(CancellationToken stopping, CancellationToken lost)
    {
        using var aborting = CancellationTokenSource.CreateLinkedTokenSource(lost);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(lost, stopping);
        var end = UntilCancelledAsync(token => Task.Delay(Timeout.InfiniteTimeSpan, time, token), ending.Token);
        Task[] beside = [.. others.Select(run => UntilCancelledAsync(run, ending.Token))];
        Task[] running = [.. controllers.Select(controller => controller.RunAsync(stopping, aborting.Token)), .. beside];
        var work = Task.WhenAll([end, .. running]);
        await await Task.WhenAny([end, .. running]);
        if (await EndsWithinAsync(work, drainTimeout, lost))
        {
            return;
        }

        await aborting.CancelAsync();
        if (!await EndsWithinAsync(work, _abortGrace, CancellationToken.None))
        {
            LogStuck();
            throw new OperatorFailedException("passes did not end; the lease is left to run out");
        }
    }

    private async Task<bool> EndsWithinAsync(Task work, TimeSpan limit, CancellationToken cutShort)
    {
        try
        {
            await work.WaitAsync(limit, time, cutShort);
            return true;
        }
        catch (Exception error) when (!work.IsCompleted && error is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task UntilCancelledAsync(Func<CancellationToken, Task> run, CancellationToken token)
    {
        try
        {
            await run(token);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // Expected on stop.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Reconciles did not end after they were cancelled; the lease is not released")]
    private partial void LogStuck();
}
