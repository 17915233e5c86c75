namespace IrisOperator.Kube.Runtime.Controllers;

/// <summary>
/// A failure that carries its meaning. Expected waits are better returned as a result; this is for the depth of a call stack.
/// </summary>
public sealed class ReconcileException : Exception
{
    private ReconcileException(ReconcileIntent intent, string reason, string message, TimeSpan? retryAfter, Exception? cause)
        : base(message, cause)
    {
        Intent = intent;
        Reason = reason;
        RetryAfter = retryAfter;
    }

    public ReconcileIntent Intent { get; }

    /// <summary>CamelCase, fit for a condition or an event.</summary>
    public string Reason { get; }

    public TimeSpan? RetryAfter { get; }

    public static ReconcileException Wait(string reason, string message, TimeSpan retryAfter) =>
        new(ReconcileIntent.Wait, reason, message, retryAfter, null);

    public static ReconcileException Stalled(string reason, string message, Exception? cause = null) =>
        new(ReconcileIntent.Stalled, reason, message, null, cause);

    public static ReconcileException Terminal(string reason, string message, Exception? cause = null) =>
        new(ReconcileIntent.Terminal, reason, message, null, cause);

    public static ReconcileException Retry(string reason, string message, Exception? cause = null) =>
        new(ReconcileIntent.Retry, reason, message, null, cause);
}
