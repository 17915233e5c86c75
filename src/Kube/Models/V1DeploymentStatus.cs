namespace IrisOperator.Kube.Models;

/// <summary>Meaningful only when ObservedGeneration equals the generation of the object.</summary>
public sealed record V1DeploymentStatus
{
    public long? ObservedGeneration { get; init; }

    public int? Replicas { get; init; }

    public int? UpdatedReplicas { get; init; }

    public int? ReadyReplicas { get; init; }

    public int? AvailableReplicas { get; init; }

    public int? UnavailableReplicas { get; init; }

    public IReadOnlyList<V1DeploymentCondition>? Conditions { get; init; }
}
