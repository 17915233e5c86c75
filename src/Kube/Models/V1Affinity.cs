namespace IrisOperator.Kube.Models;

/// <summary>Only what we write: pods near pods, pods away from pods.</summary>
public sealed record V1Affinity
{
    public V1PodAffinity? PodAffinity { get; init; }

    public V1PodAffinity? PodAntiAffinity { get; init; }
}
