using System.Text.Json.Serialization.Metadata;

namespace IrisOperator.Kube.Models;

/// <summary>Read for its status; written only inside templates.</summary>
public sealed record V1Pod : IKubeResource<V1Pod>
{
    public static ResourceDefinition Definition { get; } = new("", "v1", "Pod", "pods", Namespaced: true);

    public static JsonTypeInfo<V1Pod> JsonTypeInfo => KubeJsonContext.Default.V1Pod;

    public string ApiVersion => Definition.ApiVersion;

    public string Kind => Definition.Kind;

    public required V1ObjectMeta Metadata { get; init; }

    public V1PodSpec? Spec { get; init; }

    public V1PodStatus? Status { get; init; }
}
