namespace IrisOperator.Kube.Models;

/// <summary>Env, ports and mounts are lists the server merges by name, port and mount path.</summary>
public sealed record V1Container
{
    public string? Name { get; init; }

    public string? Image { get; init; }

    public IReadOnlyList<string>? Command { get; init; }

    public IReadOnlyList<string>? Args { get; init; }

    public string? WorkingDir { get; init; }

    public IReadOnlyList<V1EnvVar>? Env { get; init; }

    public IReadOnlyList<V1ContainerPort>? Ports { get; init; }

    public V1ResourceRequirements? Resources { get; init; }

    public IReadOnlyList<V1VolumeMount>? VolumeMounts { get; init; }

    public V1Probe? StartupProbe { get; init; }

    public V1Probe? ReadinessProbe { get; init; }

    public V1Probe? LivenessProbe { get; init; }

    public V1Lifecycle? Lifecycle { get; init; }

    public string? TerminationMessagePath { get; init; }

    public string? TerminationMessagePolicy { get; init; }

    public string? ImagePullPolicy { get; init; }

    public V1SecurityContext? SecurityContext { get; init; }
}
