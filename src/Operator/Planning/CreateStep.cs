namespace IrisOperator.Operator.Planning;

/// <summary>Creates an object once. Finding it there is success if it is the owner's, or if anybody's will do.</summary>
/// <param name="Object">Has a deterministic name, so that a repetition after a crash cannot make a second one.</param>
/// <param name="Shared">True for a claim, which outlives its training and is used whoever made it.</param>
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
                throw new ChildRefusedException(Refusal.NameConflict(found, owner), error);
            }
        }
    }
}
