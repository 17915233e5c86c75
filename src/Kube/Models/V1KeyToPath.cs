namespace IrisOperator.Kube.Models;

/// <summary>Projects one key as a file.</summary>
public sealed record V1KeyToPath
{
    public string? Key { get; init; }

    public string? Path { get; init; }

    public int? Mode { get; init; }
}
