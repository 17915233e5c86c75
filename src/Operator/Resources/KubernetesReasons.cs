namespace IrisOperator.Operator.Resources;

/// <summary>
/// Words of Kubernetes that decide something. Reasons are part of its API. Texts are not: they were read in its source, and stand here
/// because a forbidden request has no reason of its own for a quota.
/// </summary>
internal static class KubernetesReasons
{
    // Of the kubelet, about a container that waits.
    public const string ContainerCreating = nameof(ContainerCreating);
    public const string PodInitializing = nameof(PodInitializing);
    public const string ErrImagePull = nameof(ErrImagePull);
    public const string ImagePullBackOff = nameof(ImagePullBackOff);
    public const string InvalidImageName = nameof(InvalidImageName);
    public const string ErrImageNeverPull = nameof(ErrImageNeverPull);
    public const string ImageInspectError = nameof(ImageInspectError);
    public const string CreateContainerConfigError = nameof(CreateContainerConfigError);
    public const string CreateContainerError = nameof(CreateContainerError);
    public const string RunContainerError = nameof(RunContainerError);
    public const string CrashLoopBackOff = nameof(CrashLoopBackOff);

    // Of the container runtime, about a container that ended.
    public const string OOMKilled = nameof(OOMKilled);

    // Of the scheduler, about a pod that no node takes.
    public const string Unschedulable = nameof(Unschedulable);

    // Of the Job controller, in the condition Failed.
    public const string DeadlineExceeded = nameof(DeadlineExceeded);

    // Of the controllers that make pods, in events.
    public const string FailedCreate = nameof(FailedCreate);

    // In messages of the API server: by the admission of quotas, and by every error with status 403.
    public const string ExceededQuota = "exceeded quota";
    public const string IsForbidden = "is forbidden";
}
