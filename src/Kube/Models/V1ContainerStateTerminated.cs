namespace IrisOperator.Kube.Models;

/// <summary>Message is the termination message, at most 4096 bytes for a container and 12 KiB for a pod.</summary>
public sealed record V1ContainerStateTerminated
{
    public int? ExitCode { get; init; }

    public int? Signal { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public string? ContainerID { get; init; }
}
