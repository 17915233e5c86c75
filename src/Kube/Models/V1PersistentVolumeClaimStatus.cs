namespace IrisOperator.Kube.Models;

/// <summary>Phase is Pending, Bound or Lost.</summary>
public sealed record V1PersistentVolumeClaimStatus
{
    public string? Phase { get; init; }

    public IReadOnlyList<string>? AccessModes { get; init; }

    public IReadOnlyDictionary<string, string>? Capacity { get; init; }
}
