namespace IrisOperator.Kube.Models;

/// <summary>Denied is only set where an authorizer objects expressly; Allowed false alone means no.</summary>
public sealed record V1SubjectAccessReviewStatus
{
    public bool? Allowed { get; init; }

    public bool? Denied { get; init; }

    public string? Reason { get; init; }

    public string? EvaluationError { get; init; }
}
