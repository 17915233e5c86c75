namespace IrisOperator.Operator.Jobs;

/// <summary>Where the pod of a step runs, and as whom. What is null is left to the cluster.</summary>
internal sealed record Placement
{
    public IReadOnlyDictionary<string, string>? NodeSelector { get; init; }

    public IReadOnlyList<TolerationSpec>? Tolerations { get; init; }

    public string? PriorityClassName { get; init; }

    public string? RuntimeClassName { get; init; }

    /// <summary>Null for that of the installation.</summary>
    public long? UserId { get; init; }

    public V1PodSpec Of(V1PodSpec pod) => pod with
    {
        NodeSelector = NodeSelector?.ToDictionary(),
        Tolerations = Tolerations?.Select(Toleration).ToList(),
        PriorityClassName = PriorityClassName,
        RuntimeClassName = RuntimeClassName,
        SecurityContext = pod.SecurityContext with { RunAsUser = UserId ?? pod.SecurityContext.RunAsUser },
    };

    private static V1Toleration Toleration(TolerationSpec spec) => new()
    {
        Key = spec.Key,
        OperatorProperty = spec.Operator,
        Value = spec.Value,
        Effect = spec.Effect,
        TolerationSeconds = spec.TolerationSeconds,
    };
}
