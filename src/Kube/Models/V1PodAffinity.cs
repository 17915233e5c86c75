namespace IrisOperator.Kube.Models;

/// <summary>The same shape serves affinity and anti-affinity.</summary>
public sealed record V1PodAffinity
{
    public IReadOnlyList<V1PodAffinityTerm>? RequiredDuringSchedulingIgnoredDuringExecution { get; init; }

    public IReadOnlyList<V1WeightedPodAffinityTerm>? PreferredDuringSchedulingIgnoredDuringExecution { get; init; }
}
