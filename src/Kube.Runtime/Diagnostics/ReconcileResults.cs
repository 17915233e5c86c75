namespace IrisOperator.Kube.Runtime.Diagnostics;

/// <summary>Values of the label <c>result</c>.</summary>
internal static class ReconcileResults
{
    public const string Success = "success";
    public const string Requeue = "requeue_after";
    public const string Wait = "wait";
    public const string Stalled = "stalled";
    public const string Terminal = "terminal";
    public const string Conflict = "conflict";
    public const string Error = "error";

    public static readonly string[] All = [Success, Requeue, Wait, Stalled, Terminal, Conflict, Error];
}
