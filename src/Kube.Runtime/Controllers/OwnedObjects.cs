namespace IrisOperator.Kube.Runtime.Controllers;

/// <summary>Creating children so that a crash, a lost answer or a cache that lags never makes two.</summary>
public static class OwnedObjects
{
    /// <summary>
    /// Creates the child, or finds that it is there already. The name must follow from the owner (its uid and generation, say);
    /// then a second try hits the same name and not a second child.
    /// </summary>
    /// <returns>The child as the server has it, and whether this call made it.</returns>
    /// <exception cref="ReconcileException">
    /// Stalled when an object of that name belongs to somebody else, or to an earlier incarnation of the owner;
    /// Wait while one is being deleted.
    /// </exception>
    public static async Task<(T Child, bool Created)> CreateOnceAsync<T>(
        this IKubeClient client, IKubeObject owner, T child, CancellationToken cancellationToken)
        where T : class, IKubeResource<T>
    {
        if (!child.IsControlledBy(owner))
        {
            throw new ArgumentException(
                $"{child.Kind} {child.Metadata.Name} does not name {owner.Kind} {owner.Metadata.Name} as its controller");
        }

        try
        {
            return (await client.CreateAsync(child, cancellationToken), true);
        }
        catch (KubeApiException error) when (error.IsAlreadyExists)
        {
            // Read live: a cache may not know it yet.
            var found = await client.GetAsync<T>(child.Key(), cancellationToken);
            if (found is null || found.Metadata.DeletionTimestamp is not null)
            {
                throw ReconcileException.Wait(
                    "Terminating", $"an earlier {child.Kind} {child.Metadata.Name} is being deleted", TimeSpan.FromSeconds(2));
            }

            return found.IsControlledBy(owner)
                ? (found, false)
                : throw ReconcileException.Stalled(
                    "NameTaken", $"{child.Kind} {child.Metadata.Name} exists and does not belong to this {owner.Kind}", error);
        }
    }

    /// <summary>Deletes exactly this incarnation of a child, if it is still as it was read.</summary>
    /// <returns>False when it is gone.</returns>
    /// <exception cref="KubeApiException">
    /// IsConflict when it has changed since, or another incarnation took its name: look again.
    /// </exception>
    /// <exception cref="ReconcileException">Stalled when the child is not the owner's.</exception>
    public static async Task<bool> DeleteOwnedAsync<T>(
        this IKubeClient client, IKubeObject owner, T child, CancellationToken cancellationToken)
        where T : class, IKubeResource<T>
    {
        if (!child.IsControlledBy(owner))
        {
            throw ReconcileException.Stalled("NotOwned", $"{child.Kind} {child.Metadata.Name} does not belong to this {owner.Kind}");
        }

        var options = new DeleteOptions { Uid = child.Metadata.Uid, ResourceVersion = child.Metadata.ResourceVersion };
        return await client.DeleteAsync<T>(child.Key(), options, cancellationToken);
    }
}
