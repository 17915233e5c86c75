namespace IrisOperator.Kube.Models;

/// <summary>For example <c>metadata.name</c>.</summary>
public sealed record V1ObjectFieldSelector
{
    public string? FieldPath { get; init; }
}
