using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using IrisOperator.Kube;
using IrisOperator.Kube.Models;

namespace IrisOperator.ApiServer.Tests.Operator;

/// <summary>Just enough to install our own: the specification is passed on as it was generated.</summary>
internal sealed record CustomResourceDefinition : IKubeResource<CustomResourceDefinition>
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Converters = { new KubeTimeConverter() },
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    public static ResourceDefinition Definition { get; } =
        new("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", Namespaced: false);

    public static JsonTypeInfo<CustomResourceDefinition> JsonTypeInfo =>
        (JsonTypeInfo<CustomResourceDefinition>)_json.GetTypeInfo(typeof(CustomResourceDefinition));

    public string ApiVersion => Definition.ApiVersion;

    public string Kind => Definition.Kind;

    public required V1ObjectMeta Metadata { get; init; }

    public JsonObject? Spec { get; init; }

    public JsonObject? Status { get; init; }
}
