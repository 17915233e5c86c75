namespace IrisOperator.Kube.Models;

/// <summary>Type is PodScheduled, Initialized, ContainersReady or Ready; PodScheduled False says why a pod waits for a node.</summary>
public sealed record V1PodCondition
{
    public string? Type { get; init; }

    public string? Status { get; init; }

    public DateTimeOffset? LastTransitionTime { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }
}
