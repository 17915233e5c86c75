namespace IrisOperator.Kube.Models;

/// <summary>An empty object means the node's disk without a limit.</summary>
public sealed record V1EmptyDirVolumeSource
{
    public string? Medium { get; init; }

    public string? SizeLimit { get; init; }
}
