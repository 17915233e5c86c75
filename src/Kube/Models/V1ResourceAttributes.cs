namespace IrisOperator.Kube.Models;

/// <summary>An empty namespace means all namespaces.</summary>
public sealed record V1ResourceAttributes
{
    public string? Namespace { get; init; }

    public string? Verb { get; init; }

    public string? Group { get; init; }

    public string? Version { get; init; }

    public string? Resource { get; init; }

    public string? Subresource { get; init; }

    public string? Name { get; init; }
}
