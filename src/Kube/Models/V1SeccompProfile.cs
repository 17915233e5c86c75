namespace IrisOperator.Kube.Models;

/// <summary>Type is RuntimeDefault, Localhost or Unconfined.</summary>
public sealed record V1SeccompProfile
{
    public string? Type { get; init; }

    public string? LocalhostProfile { get; init; }
}
