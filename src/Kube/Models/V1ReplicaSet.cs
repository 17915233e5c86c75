using System.Text.Json.Serialization.Metadata;

namespace IrisOperator.Kube.Models;

/// <summary>Read only. Its annotation <c>deployment.kubernetes.io/revision</c> orders the replica sets of a deployment.</summary>
public sealed record V1ReplicaSet : IKubeResource<V1ReplicaSet>
{
    public static ResourceDefinition Definition { get; } = new("apps", "v1", "ReplicaSet", "replicasets", Namespaced: true);

    public static JsonTypeInfo<V1ReplicaSet> JsonTypeInfo => KubeJsonContext.Default.V1ReplicaSet;

    public string ApiVersion => Definition.ApiVersion;

    public string Kind => Definition.Kind;

    public required V1ObjectMeta Metadata { get; init; }

    public V1ReplicaSetStatus? Status { get; init; }
}
