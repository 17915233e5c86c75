namespace IrisOperator.Kube.Models;

/// <summary>Run without a shell.</summary>
public sealed record V1ExecAction
{
    public IReadOnlyList<string>? Command { get; init; }
}
