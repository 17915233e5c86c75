namespace IrisOperator.Kube.Models;

/// <summary>MatchLabels only: expressions are never sent by us and not read.</summary>
public sealed record V1LabelSelector
{
    public IReadOnlyDictionary<string, string>? MatchLabels { get; init; }
}
