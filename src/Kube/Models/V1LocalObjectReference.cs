namespace IrisOperator.Kube.Models;

/// <summary>A name in the same namespace.</summary>
public sealed record V1LocalObjectReference
{
    public string? Name { get; init; }
}
