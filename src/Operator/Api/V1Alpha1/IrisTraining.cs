namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>A training that the cluster keeps done: the newest run belongs to the inputs that the spec names.</summary>
/// <remarks>Caveat: metadata.name must be a DNS-1035 label of at most 50 characters, because children are named after it.</remarks>
[KubernetesEntity(Group = ApiGroup.Name, ApiVersion = ApiGroup.Version, Kind = KubeKind, PluralName = "iristrainings")]
[JsonContext<ApiJsonContext>]
[Category("iris")]
[ShortName("irt")]
[StatusSubresource]
[Description("Trains a classifier from a CSV on a volume, judges it, and records every run.")]
[PrinterColumn("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn("State", "string", ".status.conditions[?(@.type==\"Ready\")].reason")]
[PrinterColumn("Run", "integer", ".status.run")]
[PrinterColumn("Image", "string", ".status.image", Priority = 1)]
[PrinterColumn("Accuracy", "string", ".status.accuracy")]
[PrinterColumn("Message", "string", ".status.conditions[?(@.type==\"Ready\")].message")]
[PrinterColumn("Digest", "string", ".status.modelDigest", Priority = 1)]
[PrinterColumn("Age", "date", ".metadata.creationTimestamp")]
public sealed record IrisTraining : IKubernetesObject<V1ObjectMeta>
{
    public const string KubeKind = "IrisTraining";

    public string ApiVersion { get; set; } = $"{ApiGroup.Name}/{ApiGroup.Version}";

    public string Kind { get; set; } = KubeKind;

    public required V1ObjectMeta Metadata { get; set; }

    public required IrisTrainingSpec Spec { get; init; }

    public IrisTrainingStatus? Status { get; init; }
}
