namespace IrisOperator.Kube.Runtime.Controllers;

/// <summary>What a pass asks for. A change of the object or of what it owns brings another pass in any case.</summary>
/// <param name="RequeueAfter">Null waits for a change or the resync. A second request for the same key keeps the earlier time.</param>
public readonly record struct ReconcileResult(TimeSpan? RequeueAfter)
{
    public static ReconcileResult Done => default;

    public static ReconcileResult After(TimeSpan delay) => new(delay);
}
