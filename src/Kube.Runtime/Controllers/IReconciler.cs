namespace IrisOperator.Kube.Runtime.Controllers;

/// <summary>
/// Brings one object from what is to what should be. It gets a key only: nothing about why it runs, and nothing that may be stale.
/// </summary>
/// <remarks>
/// Guarantees: never two passes for one key at a time; a failed key is tried again for ever, with a delay of at most
/// <see cref="BackOffOptions.MaxDelay"/>; a change during a pass brings another one; only the leader runs passes.
/// Caveats: the store may lag behind the object's own last write, so read live before a create or delete that must not repeat;
/// the object may be gone.
/// Errors: throw <see cref="ReconcileException"/> to say what the failure means; any other exception is tried again.
/// </remarks>
public interface IReconciler<T>
    where T : class, IKubeResource<T>
{
    public Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken);
}
