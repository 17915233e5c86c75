namespace IrisOperator.Kube.Models;

/// <summary>Type is Available, Progressing or ReplicaFailure; Progressing False with reason ProgressDeadlineExceeded means stuck.</summary>
public sealed record V1DeploymentCondition
{
    public string? Type { get; init; }

    public string? Status { get; init; }

    public DateTimeOffset? LastUpdateTime { get; init; }

    public DateTimeOffset? LastTransitionTime { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }
}
