namespace IrisOperator.Operator.Planning;

/// <summary>Server-side apply of a child that the owner controls.</summary>
/// <param name="Object">All fields that are ours, and no other.</param>
/// <param name="Seen">
/// False when the cache has no such object. Then the apply does not take fields over by force: an object of that name that somebody
/// else made in the meantime answers with a conflict instead of being overwritten.
/// </param>
public sealed record ApplyStep<T>(T Object, bool Seen) : PlanStep
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public override string Action => $"Apply{Kind<T>.Definition.Kind}";

    /// <summary>An apply can be repeated, and one from a stale view is put right by the next pass.</summary>
    public override bool NeedsFreshOwner => false;

    internal override async Task ExecuteAsync(
        IKubeClient client, IKubernetesObject<V1ObjectMeta> owner, CancellationToken cancellationToken)
    {
        try
        {
            await client.ApplyAsync(Object, new ApplyOptions(FieldManager.Name) { Force = Seen }, cancellationToken);
        }
        catch (KubeApiException error) when (error.IsConflict && !Seen)
        {
            var found = await client.GetAsync<T>(Object.Key(), cancellationToken);
            if (found is not null && !found.IsControlledBy(owner))
            {
                throw new ChildRefusedException(Refusal.NameConflict(found, owner), error);
            }

            // Ours after all: somebody changed the label that the cache selects by, or the cache lags.
            await client.ApplyAsync(Object, new ApplyOptions(FieldManager.Name), cancellationToken);
        }
    }
}
