using System.Text.Json.Serialization.Metadata;

namespace IrisOperator.Kube.Models;

/// <summary>
/// Metadata only: requests ask the server for PartialObjectMetadata, so the data never crosses the wire and never enters a cache.
/// </summary>
public sealed record V1ConfigMap : IKubeResource<V1ConfigMap>
{
    public static ResourceDefinition Definition { get; } = new("", "v1", "ConfigMap", "configmaps", Namespaced: true);

    public static JsonTypeInfo<V1ConfigMap> JsonTypeInfo => KubeJsonContext.Default.V1ConfigMap;

    public static bool MetadataOnly => true;

    public string ApiVersion => Definition.ApiVersion;

    public string Kind => Definition.Kind;

    public required V1ObjectMeta Metadata { get; init; }
}
