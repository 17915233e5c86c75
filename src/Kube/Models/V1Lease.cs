using System.Text.Json.Serialization.Metadata;

namespace IrisOperator.Kube.Models;

/// <summary>coordination.k8s.io/v1.</summary>
public sealed record V1Lease : IKubeResource<V1Lease>
{
    public static ResourceDefinition Definition { get; } = new("coordination.k8s.io", "v1", "Lease", "leases", Namespaced: true);

    public static JsonTypeInfo<V1Lease> JsonTypeInfo => KubeJsonContext.Default.V1Lease;

    public string ApiVersion => Definition.ApiVersion;

    public string Kind => Definition.Kind;

    public required V1ObjectMeta Metadata { get; init; }

    public V1LeaseSpec? Spec { get; init; }
}
