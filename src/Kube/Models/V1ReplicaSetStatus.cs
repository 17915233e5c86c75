namespace IrisOperator.Kube.Models;

/// <summary>Absent counters mean zero.</summary>
public sealed record V1ReplicaSetStatus
{
    public int? Replicas { get; init; }

    public int? ReadyReplicas { get; init; }

    public int? AvailableReplicas { get; init; }

    public long? ObservedGeneration { get; init; }
}
