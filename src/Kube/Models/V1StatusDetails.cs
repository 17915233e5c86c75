namespace IrisOperator.Kube.Models;

/// <summary>RetryAfterSeconds is only set for some timeouts; the HTTP header is the one to trust.</summary>
public sealed record V1StatusDetails
{
    public string? Name { get; init; }

    public string? Group { get; init; }

    public string? Kind { get; init; }

    public string? Uid { get; init; }

    public IReadOnlyList<V1StatusCause>? Causes { get; init; }

    public int? RetryAfterSeconds { get; init; }
}
