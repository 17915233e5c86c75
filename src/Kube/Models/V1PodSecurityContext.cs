namespace IrisOperator.Kube.Models;

/// <summary>FsGroup makes volumes that support ownership writable for that group.</summary>
public sealed record V1PodSecurityContext
{
    public bool? RunAsNonRoot { get; init; }

    public long? RunAsUser { get; init; }

    public long? RunAsGroup { get; init; }

    public long? FsGroup { get; init; }

    public string? FsGroupChangePolicy { get; init; }

    public V1SeccompProfile? SeccompProfile { get; init; }
}
