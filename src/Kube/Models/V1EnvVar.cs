namespace IrisOperator.Kube.Models;

/// <summary>A literal value or one from a field of the pod; never from a secret in pods that we make.</summary>
public sealed record V1EnvVar
{
    public string? Name { get; init; }

    public string? Value { get; init; }

    public V1EnvVarSource? ValueFrom { get; init; }
}
