using System.Text.Json.Nodes;

namespace IrisOperator.Operator.Reconciliation;

/// <summary>Server-side apply of a child that the owner controls.</summary>
/// <param name="Object">All fields that are ours, and no other.</param>
/// <param name="Observed">
/// False when the cache has no such object. Then the apply does not take fields over by force: an object of that name that somebody
/// else made in the meantime answers with a conflict instead of being overwritten.
/// </param>
public sealed record ApplyStep<T>(T Object, bool Observed) : PlanStep
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
            await client.ApplyAsync(Object, new ApplyOptions(FieldManager.Name) { Force = Observed }, cancellationToken);
        }
        catch (KubeApiException error) when (error.IsConflict && !Observed)
        {
            var found = await client.GetAsync<T>(Object.Key(), cancellationToken);
            if (found is not null && !found.IsControlledBy(owner))
            {
                throw new RejectedByServerException(ApiRejection.NameConflict(found, owner), error);
            }

            // Ours after all: somebody changed the label that the cache selects by, or the cache lags.
            await client.ApplyAsync(Object, new ApplyOptions(FieldManager.Name), cancellationToken);
        }
    }
}

/// <summary>Creates an object once. Finding it there is success if it is the owner's, or if anybody's will do.</summary>
/// <param name="Object">Has a deterministic name, so that a repetition after a crash cannot make a second one.</param>
/// <param name="Shared">True for a claim, which outlives its training and is used by every training that names it.</param>
public sealed record CreateStep<T>(T Object, bool Shared = false) : PlanStep
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public override string Action => $"Create{Kind<T>.Definition.Kind}";

    public override bool NeedsFreshOwner => true;

    internal override async Task ExecuteAsync(
        IKubeClient client, IKubernetesObject<V1ObjectMeta> owner, CancellationToken cancellationToken)
    {
        try
        {
            await client.CreateAsync(Object, cancellationToken);
        }
        catch (KubeApiException error) when (error.IsAlreadyExists)
        {
            var found = Shared ? null : await client.GetAsync<T>(Object.Key(), cancellationToken);
            if (found is not null && !found.IsControlledBy(owner))
            {
                throw new RejectedByServerException(ApiRejection.NameConflict(found, owner), error);
            }
        }
    }
}

/// <summary>Deletes one incarnation of a child. Its absence is success.</summary>
public sealed record DeleteStep<T>(ObjectKey Key, string? Uid) : PlanStep
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public override string Action => $"Delete{Kind<T>.Definition.Kind}";

    public override bool NeedsFreshOwner => true;

    internal override async Task ExecuteAsync(
        IKubeClient client, IKubernetesObject<V1ObjectMeta> owner, CancellationToken cancellationToken)
    {
        try
        {
            await client.DeleteAsync<T>(Key, new DeleteOptions { Uid = Uid }, cancellationToken);
        }
        catch (KubeApiException error) when (error.IsConflict)
        {
            // Another incarnation has the name: the one to delete is gone.
        }
    }
}

/// <summary>A JSON merge patch of a live child: what an apply cannot do, because it takes away nothing that others own.</summary>
/// <param name="Object">As it was seen; its version is the precondition.</param>
/// <param name="Patch">RFC 7386, without metadata.</param>
public sealed record PatchStep<T>(T Object, JsonObject Patch) : PlanStep
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public override string Action => $"Patch{Kind<T>.Definition.Kind}";

    public override bool NeedsFreshOwner => false;

    internal override async Task ExecuteAsync(
        IKubeClient client, IKubernetesObject<V1ObjectMeta> owner, CancellationToken cancellationToken)
    {
        var patch = Patch.DeepClone().AsObject();
        patch["metadata"] = new JsonObject { ["uid"] = Object.Metadata.Uid, ["resourceVersion"] = Object.Metadata.ResourceVersion };
        try
        {
            await client.PatchAsync<T>(Object.Key(), patch, new PatchOptions { FieldManager = FieldManager.Name }, cancellationToken);
        }
        catch (KubeApiException error) when (error.IsConflict || error.IsNotFound)
        {
            // Changed or gone since: its event brings the next pass, which looks again.
        }
    }
}

/// <summary>Names under which the server keeps our fields. They are part of the stored state: a new name would orphan fields.</summary>
public static class FieldManager
{
    public const string Name = "iris-operator";
}
