using System.Text;
using System.Text.Json.Nodes;
using IrisOperator.Kube;

namespace IrisOperator.Operator.Planning;

/// <summary>A JSON merge patch of a live child: what an apply cannot do, because it takes away nothing that others own.</summary>
/// <param name="Object">As it was seen; its version is the precondition.</param>
/// <param name="Patch">RFC 7386, without metadata.</param>
public sealed record PatchStep<T>(T Object, JsonObject Patch) : PlanStep
    where T : class, IKubeResource<T>
{
    public override string Action => $"Patch{Kind<T>.Definition.Kind}";

    public override bool NeedsFreshOwner => false;

    internal override async Task ExecuteAsync(IKubeClient client, IKubeObject owner, CancellationToken cancellationToken)
    {
        var patch = Patch.DeepClone().AsObject();
        patch["metadata"] = new JsonObject { ["uid"] = Object.Metadata.Uid, ["resourceVersion"] = Object.Metadata.ResourceVersion };
        try
        {
            await client.PatchAsync<T>(
                Object.Key(),
                KubePatch.Merge(Encoding.UTF8.GetBytes(patch.ToJsonString())),
                new PatchOptions { FieldManager = FieldManager.Name },
                cancellationToken);
        }
        catch (KubeApiException error) when (error.IsConflict || error.IsNotFound)
        {
            // Changed or gone since: its event brings the next pass, which looks again.
        }
    }
}
