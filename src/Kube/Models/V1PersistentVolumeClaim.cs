using System.Text.Json.Serialization.Metadata;

namespace IrisOperator.Kube.Models;

/// <summary>A claim; the server fills <c>spec.volumeName</c> when it is bound.</summary>
public sealed record V1PersistentVolumeClaim : IKubeResource<V1PersistentVolumeClaim>
{
    public static ResourceDefinition Definition { get; } = new(
        "", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", Namespaced: true);

    public static JsonTypeInfo<V1PersistentVolumeClaim> JsonTypeInfo => KubeJsonContext.Default.V1PersistentVolumeClaim;

    public string ApiVersion => Definition.ApiVersion;

    public string Kind => Definition.Kind;

    public required V1ObjectMeta Metadata { get; init; }

    public V1PersistentVolumeClaimSpec? Spec { get; init; }

    public V1PersistentVolumeClaimStatus? Status { get; init; }
}
