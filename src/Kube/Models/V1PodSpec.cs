namespace IrisOperator.Kube.Models;

/// <summary>NodeName is set by the scheduler.</summary>
public sealed record V1PodSpec
{
    public IReadOnlyList<V1Container>? Containers { get; init; }

    public IReadOnlyList<V1Container>? InitContainers { get; init; }

    public IReadOnlyList<V1Volume>? Volumes { get; init; }

    public string? RestartPolicy { get; init; }

    public long? TerminationGracePeriodSeconds { get; init; }

    public long? ActiveDeadlineSeconds { get; init; }

    public string? ServiceAccountName { get; init; }

    public bool? AutomountServiceAccountToken { get; init; }

    public bool? EnableServiceLinks { get; init; }

    public V1PodSecurityContext? SecurityContext { get; init; }

    public V1Affinity? Affinity { get; init; }

    public IReadOnlyDictionary<string, string>? NodeSelector { get; init; }

    public IReadOnlyList<V1Toleration>? Tolerations { get; init; }

    public IReadOnlyList<V1TopologySpreadConstraint>? TopologySpreadConstraints { get; init; }

    public IReadOnlyList<V1LocalObjectReference>? ImagePullSecrets { get; init; }

    public string? NodeName { get; init; }

    public string? PriorityClassName { get; init; }
}
