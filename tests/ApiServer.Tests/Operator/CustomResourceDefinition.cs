using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace IrisOperator.ApiServer.Tests.Operator;

/// <summary>Just enough to install our own: the specification is passed on as it was generated.</summary>
[KubernetesEntity(
    Group = "apiextensions.k8s.io", ApiVersion = "v1", Kind = "CustomResourceDefinition", PluralName = "customresourcedefinitions")]
[ClusterScoped]
[JsonContext<DefinitionContext>]
internal sealed record CustomResourceDefinition : IKubernetesObject<V1ObjectMeta>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public required V1ObjectMeta Metadata { get; set; }

    public JsonObject? Spec { get; init; }

    public JsonObject? Status { get; init; }
}

[JsonSerializable(typeof(CustomResourceDefinition))]
internal sealed partial class DefinitionContext : JsonSerializerContext;
