using IrisOperator.Kube.Runtime.Diagnostics;

namespace IrisOperator.Kube.Runtime.Controllers;

/// <summary>What a pass came to.</summary>
/// <param name="Result">For the metric.</param>
/// <param name="BacksOff">The key comes back after its back-off; else its failures are forgotten.</param>
/// <param name="After">When it comes back; null leaves it to changes and the resync.</param>
/// <param name="Error">Null for a success.</param>
internal readonly record struct ReconcileOutcome(string Result, bool BacksOff, TimeSpan? After, Exception? Error)
{
    public static ReconcileOutcome From(ReconcileResult result) => new(
        result.RequeueAfter is null ? ReconcileResults.Success : ReconcileResults.Requeue, BacksOff: false, result.RequeueAfter, null);

    /// <summary>The one place that knows what an error means.</summary>
    public static ReconcileOutcome From(Exception error) => error switch
    {
        ReconcileException { Intent: ReconcileIntent.Wait } wait => new(ReconcileResults.Wait, BacksOff: false, wait.RetryAfter, error),
        ReconcileException { Intent: ReconcileIntent.Stalled } => new(ReconcileResults.Stalled, BacksOff: false, null, error),
        ReconcileException { Intent: ReconcileIntent.Terminal } => new(ReconcileResults.Terminal, BacksOff: false, null, error),

        // Somebody else wrote first: what was read is old. Normal, so not an error.
        KubeApiException { IsConflict: true } => new(ReconcileResults.Conflict, BacksOff: true, null, error),
        _ => new(ReconcileResults.Error, BacksOff: true, null, error),
    };
}
