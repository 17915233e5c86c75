namespace IrisOperator.Kube.Models;

/// <summary>Names without the CAP_ prefix, or ALL.</summary>
public sealed record V1Capabilities
{
    public IReadOnlyList<string>? Add { get; init; }

    public IReadOnlyList<string>? Drop { get; init; }
}
