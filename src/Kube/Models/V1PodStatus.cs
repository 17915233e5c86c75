namespace IrisOperator.Kube.Models;

/// <summary>
/// Phase is Pending, Running, Succeeded, Failed or Unknown. Reason is set for evictions and node loss, not for crashing containers.
/// </summary>
public sealed record V1PodStatus
{
    public string? Phase { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public string? PodIP { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public IReadOnlyList<V1PodCondition>? Conditions { get; init; }

    public IReadOnlyList<V1ContainerStatus>? InitContainerStatuses { get; init; }

    public IReadOnlyList<V1ContainerStatus>? ContainerStatuses { get; init; }
}
