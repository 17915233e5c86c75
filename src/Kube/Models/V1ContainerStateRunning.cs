namespace IrisOperator.Kube.Models;

/// <summary>StartedAt has a resolution of one second.</summary>
public sealed record V1ContainerStateRunning
{
    public DateTimeOffset? StartedAt { get; init; }
}
