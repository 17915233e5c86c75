namespace IrisOperator.Kube.Models;

/// <summary>Immutable after creation but for the requested size.</summary>
public sealed record V1PersistentVolumeClaimSpec
{
    public IReadOnlyList<string>? AccessModes { get; init; }

    public V1ResourceRequirements? Resources { get; init; }

    public string? StorageClassName { get; init; }

    public string? VolumeName { get; init; }

    public string? VolumeMode { get; init; }
}
