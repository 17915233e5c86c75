namespace IrisOperator.Kube.Models;

/// <summary>Operator is Exists or Equal.</summary>
public sealed record V1Toleration
{
    public string? Key { get; init; }

    public string? Operator { get; init; }

    public string? Value { get; init; }

    public string? Effect { get; init; }

    public long? TolerationSeconds { get; init; }
}
