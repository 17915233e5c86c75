using System.Collections;
using IrisOperator.Kube.Runtime.Diagnostics;
using Microsoft.Extensions.Logging;

namespace IrisOperator.Kube.Runtime.Controllers;

/// <summary>
/// Brings one object from what is to what should be. It gets a key only: nothing about why it runs, and nothing that may be stale.
/// </summary>
/// <remarks>
/// Guarantees: never two passes for one key at a time; a failed key is tried again for ever, with a delay of at most
/// 2 minutes plus jitter; a change during a pass brings another one; only the leader runs passes.
/// Caveats: the store may lag behind the object's own last write, so read live before a create or delete that must not repeat;
/// the object may be gone.
/// Errors: whatever is thrown is tried again.
/// </remarks>
public interface IReconciler<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken);
}

/// <summary>What a pass asks for. A change of the object or of what it owns brings another pass in any case.</summary>
/// <param name="RequeueAfter">Null waits for a change or the resync. A second request for the same key keeps the earlier time.</param>
public readonly record struct ReconcileResult(TimeSpan? RequeueAfter)
{
    public static ReconcileResult Done => default;

    /// <summary>Comes back after the key's back-off: what was seen is behind, and the change that ends this may bring no pass.</summary>
    public static ReconcileResult BackOff => new(null) { BacksOff = true };

    public bool BacksOff { get; private init; }

    public static ReconcileResult After(TimeSpan delay) => new(delay);
}

/// <summary>What a pass came to.</summary>
/// <param name="Result">For the metric.</param>
/// <param name="BacksOff">The key comes back after its back-off; else its failures are forgotten.</param>
/// <param name="After">When it comes back; null leaves it to changes and the resync.</param>
/// <param name="Error">Null for a success.</param>
internal readonly record struct ReconcileOutcome(string Result, bool BacksOff, TimeSpan? After, Exception? Error)
{
    public static ReconcileOutcome From(ReconcileResult result) => result switch
    {
        { BacksOff: true } => new(ReconcileResults.Conflict, BacksOff: true, null, null),
        { RequeueAfter: null } => new(ReconcileResults.Success, BacksOff: false, null, null),
        _ => new(ReconcileResults.Requeue, BacksOff: false, result.RequeueAfter, null),
    };

    /// <summary>The one place that knows what an error means.</summary>
    public static ReconcileOutcome From(Exception error) => error switch
    {
        // Somebody else wrote first: what was read is old. Normal, so not an error.
        KubeApiException { IsConflict: true } => new(ReconcileResults.Conflict, BacksOff: true, null, error),
        KubeApiException { IsNamespaceTerminating: true } => new(ReconcileResults.Success, BacksOff: false, null, null),
        _ => new(ReconcileResults.Error, BacksOff: true, null, error),
    };
}

/// <summary>What every log line of one reconcile carries: namespace, name, generation and an id that no other reconcile has.</summary>
internal sealed class ReconcileScope(ObjectKey key, long? generation) : IReadOnlyList<KeyValuePair<string, object?>>
{
    // Made by the first line: most reconciles write none.
    private string? _id;

    public int Count => 4;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("namespace", key.Namespace),
        1 => new("name", key.Name),
        2 => new("generation", generation),
        3 => new("reconcileId", _id ??= Guid.NewGuid().ToString()),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    /// <param name="generationOf">Asked only where something is logged; null for an object that is gone.</param>
    public static IDisposable? Begin(ILogger logger, ObjectKey key, Func<ObjectKey, long?> generationOf) =>
        logger.IsEnabled(LogLevel.Critical) ? logger.BeginScope(new ReconcileScope(key, generationOf(key))) : null;

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"reconcile of {key}";
}
