using System.Text.Json.Serialization.Metadata;

namespace IrisOperator.Kube.Models;

/// <summary>Leave ClusterIP null in an apply: it is allocated once and immutable.</summary>
public sealed record V1Service : IKubeResource<V1Service>
{
    public static ResourceDefinition Definition { get; } = new("", "v1", "Service", "services", Namespaced: true);

    public static JsonTypeInfo<V1Service> JsonTypeInfo => KubeJsonContext.Default.V1Service;

    public string ApiVersion => Definition.ApiVersion;

    public string Kind => Definition.Kind;

    public required V1ObjectMeta Metadata { get; init; }

    public V1ServiceSpec? Spec { get; init; }
}
