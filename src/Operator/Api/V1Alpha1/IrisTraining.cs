using System.Text.Json.Serialization.Metadata;
using IrisOperator.Kube;
using IrisOperator.Kube.Models;
using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>A training that the cluster keeps done: the newest run belongs to the inputs that the spec names.</summary>
/// <remarks>Caveat: metadata.name must be a DNS-1035 label of at most 50 characters, because children are named after it.</remarks>
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
public sealed record IrisTraining : IKubeResource<IrisTraining>
{
    public static ResourceDefinition Definition { get; } =
        new(ApiGroup.Name, ApiGroup.Version, "IrisTraining", "iristrainings", Namespaced: true);

    public static JsonTypeInfo<IrisTraining> JsonTypeInfo => ApiJsonContext.Default.IrisTraining;

    public string ApiVersion => Definition.ApiVersion;

    public string Kind => Definition.Kind;

    public required V1ObjectMeta Metadata { get; init; }

    public required IrisTrainingSpec Spec { get; init; }

    public IrisTrainingStatus? Status { get; init; }
}
