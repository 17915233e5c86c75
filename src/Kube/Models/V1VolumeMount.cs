namespace IrisOperator.Kube.Models;

/// <summary>Lists of mounts merge by MountPath.</summary>
public sealed record V1VolumeMount
{
    public string? Name { get; init; }

    public string? MountPath { get; init; }

    public string? SubPath { get; init; }

    public bool? ReadOnly { get; init; }
}
