using System.Text.Json.Serialization.Metadata;

namespace IrisOperator.Kube.Models;

/// <summary>apps/v1.</summary>
public sealed record V1Deployment : IKubeResource<V1Deployment>
{
    public static ResourceDefinition Definition { get; } = new("apps", "v1", "Deployment", "deployments", Namespaced: true);

    public static JsonTypeInfo<V1Deployment> JsonTypeInfo => KubeJsonContext.Default.V1Deployment;

    public string ApiVersion => Definition.ApiVersion;

    public string Kind => Definition.Kind;

    public required V1ObjectMeta Metadata { get; init; }

    public V1DeploymentSpec? Spec { get; init; }

    public V1DeploymentStatus? Status { get; init; }
}
