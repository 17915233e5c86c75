namespace IrisOperator.Kube.Models;

/// <summary>
/// Reason is for example ContainerCreating, ImagePullBackOff, ErrImagePull, CrashLoopBackOff, CreateContainerConfigError.
/// </summary>
public sealed record V1ContainerStateWaiting
{
    public string? Reason { get; init; }

    public string? Message { get; init; }
}
