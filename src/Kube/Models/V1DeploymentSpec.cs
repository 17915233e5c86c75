namespace IrisOperator.Kube.Models;

/// <summary>Leave Replicas null in an apply to let an autoscaler own it.</summary>
public sealed record V1DeploymentSpec
{
    public int? Replicas { get; init; }

    public V1LabelSelector? Selector { get; init; }

    public V1PodTemplateSpec? Template { get; init; }

    public V1DeploymentStrategy? Strategy { get; init; }

    public int? MinReadySeconds { get; init; }

    public int? RevisionHistoryLimit { get; init; }

    public bool? Paused { get; init; }

    public int? ProgressDeadlineSeconds { get; init; }
}
