namespace IrisOperator.Kube.Models;

/// <summary>The pod that a job or a deployment stamps out.</summary>
public sealed record V1PodTemplateSpec
{
    public V1ObjectMeta? Metadata { get; init; }

    public V1PodSpec? Spec { get; init; }
}
