namespace IrisOperator.Kube.Models;

/// <summary>With Optional unset a missing map keeps the pod in ContainerCreating.</summary>
public sealed record V1ConfigMapVolumeSource
{
    public string? Name { get; init; }

    public IReadOnlyList<V1KeyToPath>? Items { get; init; }

    public int? DefaultMode { get; init; }

    public bool? Optional { get; init; }
}
