namespace IrisOperator.Kube.Models;

/// <summary>One field at fault in an answer with reason Invalid; <c>Field</c> is a path such as <c>spec.replicas</c>.</summary>
public sealed record V1StatusCause
{
    public string? Reason { get; init; }

    public string? Message { get; init; }

    public string? Field { get; init; }
}
