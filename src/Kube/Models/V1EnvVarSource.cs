namespace IrisOperator.Kube.Models;

/// <summary>Only fields of the pod.</summary>
public sealed record V1EnvVarSource
{
    public V1ObjectFieldSelector? FieldRef { get; init; }
}
