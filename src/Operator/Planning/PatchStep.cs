using System.Text.Json.Nodes;

namespace IrisOperator.Operator.Planning;

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
            await client.PatchAsync<T>(
                Object.Key(),
                patch,
                new PatchOptions { FieldManager = FieldManager.Name },
                cancellationToken);
        }
        catch (KubeApiException error) when (error.IsConflict || error.IsNotFound)
        {
            // Changed or gone since: its event brings the next pass, which looks again.
        }
    }
}
