namespace IrisOperator.Kube.Models;

/// <summary>
/// The condition type of metav1, used in the status of custom resources. The server requires every field but observedGeneration.
/// </summary>
public sealed record V1Condition
{
    public string? Type { get; init; }

    public string? Status { get; init; }

    public long? ObservedGeneration { get; init; }

    public DateTimeOffset? LastTransitionTime { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }
}
