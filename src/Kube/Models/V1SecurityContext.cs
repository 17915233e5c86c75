namespace IrisOperator.Kube.Models;

/// <summary>Of one container; wins over that of the pod.</summary>
public sealed record V1SecurityContext
{
    public bool? AllowPrivilegeEscalation { get; init; }

    public bool? ReadOnlyRootFilesystem { get; init; }

    public bool? RunAsNonRoot { get; init; }

    public bool? Privileged { get; init; }

    public long? RunAsUser { get; init; }

    public long? RunAsGroup { get; init; }

    public V1Capabilities? Capabilities { get; init; }

    public V1SeccompProfile? SeccompProfile { get; init; }
}
