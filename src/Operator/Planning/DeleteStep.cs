namespace IrisOperator.Operator.Planning;

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
