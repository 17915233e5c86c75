namespace IrisOperator.Kube.Models;

/// <summary>The template is immutable once created. TtlSecondsAfterFinished is alpha and off before Kubernetes 1.21.</summary>
public sealed record V1JobSpec
{
    public int? Parallelism { get; init; }

    public int? Completions { get; init; }

    public long? ActiveDeadlineSeconds { get; init; }

    public int? BackoffLimit { get; init; }

    public V1LabelSelector? Selector { get; init; }

    public bool? ManualSelector { get; init; }

    public V1PodTemplateSpec? Template { get; init; }

    public int? TtlSecondsAfterFinished { get; init; }
}
