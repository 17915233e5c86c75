using System.Text.Json.Serialization.Metadata;

namespace IrisOperator.Kube.Models;

/// <summary>
/// batch/v1. The program of a pod may be started twice even with one completion and restartPolicy Never (Kubernetes documentation, "Jobs").
/// </summary>
public sealed record V1Job : IKubeResource<V1Job>
{
    public static ResourceDefinition Definition { get; } = new("batch", "v1", "Job", "jobs", Namespaced: true);

    public static JsonTypeInfo<V1Job> JsonTypeInfo => KubeJsonContext.Default.V1Job;

    public string ApiVersion => Definition.ApiVersion;

    public string Kind => Definition.Kind;

    public required V1ObjectMeta Metadata { get; init; }

    public V1JobSpec? Spec { get; init; }

    public V1JobStatus? Status { get; init; }
}
