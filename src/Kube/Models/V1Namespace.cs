using System.Text.Json.Serialization.Metadata;

namespace IrisOperator.Kube.Models;

/// <summary>Status is not read.</summary>
public sealed record V1Namespace : IKubeResource<V1Namespace>
{
    public static ResourceDefinition Definition { get; } = new("", "v1", "Namespace", "namespaces", Namespaced: false);

    public static JsonTypeInfo<V1Namespace> JsonTypeInfo => KubeJsonContext.Default.V1Namespace;

    public string ApiVersion => Definition.ApiVersion;

    public string Kind => Definition.Kind;

    public required V1ObjectMeta Metadata { get; init; }
}
