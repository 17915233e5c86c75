namespace IrisOperator.Kube.Models;

/// <summary>ReadOnly here makes every mount of the volume read-only.</summary>
public sealed record V1PersistentVolumeClaimVolumeSource
{
    public string? ClaimName { get; init; }

    public bool? ReadOnly { get; init; }
}
