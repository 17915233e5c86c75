namespace IrisOperator.Kube.Models;

/// <summary>Exactly one action is set.</summary>
public sealed record V1LifecycleHandler
{
    public V1ExecAction? Exec { get; init; }

    public V1HTTPGetAction? HttpGet { get; init; }
}
