namespace IrisOperator.Kube.Models;

/// <summary>LastState holds the previous termination of a container that restarts.</summary>
public sealed record V1ContainerStatus
{
    public string? Name { get; init; }

    public string? Image { get; init; }

    public string? ImageID { get; init; }

    public string? ContainerID { get; init; }

    public bool? Ready { get; init; }

    public bool? Started { get; init; }

    public int? RestartCount { get; init; }

    public V1ContainerState? State { get; init; }

    public V1ContainerState? LastState { get; init; }
}
