namespace IrisOperator.Kube.Models;

/// <summary>TopologyKey must not be empty, for example <c>kubernetes.io/hostname</c>.</summary>
public sealed record V1PodAffinityTerm
{
    public V1LabelSelector? LabelSelector { get; init; }

    public IReadOnlyList<string>? Namespaces { get; init; }

    public string? TopologyKey { get; init; }
}
