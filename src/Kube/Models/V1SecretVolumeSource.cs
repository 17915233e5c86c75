namespace IrisOperator.Kube.Models;

/// <summary>With Optional unset a missing secret keeps the pod in ContainerCreating.</summary>
public sealed record V1SecretVolumeSource
{
    public string? SecretName { get; init; }

    public IReadOnlyList<V1KeyToPath>? Items { get; init; }

    public int? DefaultMode { get; init; }

    public bool? Optional { get; init; }
}
