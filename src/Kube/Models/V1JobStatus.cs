namespace IrisOperator.Kube.Models;

/// <summary>A job is finished when a condition Complete or Failed is True; counters alone do not say so.</summary>
public sealed record V1JobStatus
{
    public IReadOnlyList<V1JobCondition>? Conditions { get; init; }

    public DateTimeOffset? StartTime { get; init; }

    public DateTimeOffset? CompletionTime { get; init; }

    public int? Active { get; init; }

    public int? Succeeded { get; init; }

    public int? Failed { get; init; }
}
