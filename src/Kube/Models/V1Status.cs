namespace IrisOperator.Kube.Models;

/// <summary>What the server answers instead of an object: every error, and most deletions.</summary>
public sealed record V1Status
{
    public string? Status { get; init; }

    public string? Message { get; init; }

    public string? Reason { get; init; }

    public int? Code { get; init; }

    public V1StatusDetails? Details { get; init; }
}
