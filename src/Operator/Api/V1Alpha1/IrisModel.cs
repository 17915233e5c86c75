namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>A model that the cluster keeps served: a Deployment and a Service, both named after it.</summary>
/// <remarks>Caveat: metadata.name must be a DNS-1035 label of at most 50 characters, because children are named after it.</remarks>
[KubernetesEntity(Group = ApiGroup.Name, ApiVersion = ApiGroup.Version, Kind = KubeKind, PluralName = "irismodels")]
[JsonContext<ApiJsonContext>]
[Category("iris")]
[ShortName("irm")]
[Description("Serves a trained model, as a Deployment and a Service that follow the newest accepted run or stay on a pinned one.")]
[ScaleSubresource(".spec.replicas", ".status.replicas", LabelSelectorPath = ".status.selector")]
[StatusSubresource]
[PrinterColumn("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn("Replicas", "string", ".status.served")]
[PrinterColumn("Run", "string", ".status.model.source")]
[PrinterColumn("Version", "string", ".status.image.version")]
[PrinterColumn("Digest", "string", ".status.modelDigest", Priority = 1)]
[PrinterColumn("Image", "string", ".status.image.reference", Priority = 1)]
[PrinterColumn("Message", "string", ".status.conditions[?(@.type==\"Ready\")].message")]
[PrinterColumn("Age", "date", ".metadata.creationTimestamp")]
public sealed record IrisModel : IKubernetesObject<V1ObjectMeta>
{
    public const string KubeKind = "IrisModel";

    public string ApiVersion { get; set; } = $"{ApiGroup.Name}/{ApiGroup.Version}";

    public string Kind { get; set; } = KubeKind;

    public required V1ObjectMeta Metadata { get; set; }

    public required IrisModelSpec Spec { get; init; }

    public IrisModelStatus? Status { get; init; }
}
