namespace IrisOperator.Kube.Models;

/// <summary>At most one member is set; none means waiting.</summary>
public sealed record V1ContainerState
{
    public V1ContainerStateWaiting? Waiting { get; init; }

    public V1ContainerStateRunning? Running { get; init; }

    public V1ContainerStateTerminated? Terminated { get; init; }
}
