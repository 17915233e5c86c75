namespace IrisOperator.Kube.Models;

/// <summary>Asks for the identity of the caller.</summary>
public sealed record V1SelfSubjectAccessReviewSpec
{
    public V1ResourceAttributes? ResourceAttributes { get; init; }
}
