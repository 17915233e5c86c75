namespace IrisOperator.Kube.Models;

/// <summary>Type is Complete, Failed or (from 1.21) Suspended.</summary>
public sealed record V1JobCondition
{
    public string? Type { get; init; }

    public string? Status { get; init; }

    public DateTimeOffset? LastProbeTime { get; init; }

    public DateTimeOffset? LastTransitionTime { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }
}
