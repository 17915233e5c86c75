namespace IrisOperator.Kube.Models;

/// <summary>Weight from 1 to 100.</summary>
public sealed record V1WeightedPodAffinityTerm
{
    public int? Weight { get; init; }

    public V1PodAffinityTerm? PodAffinityTerm { get; init; }
}
