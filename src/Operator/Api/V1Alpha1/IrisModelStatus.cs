using IrisOperator.Kube.Models;
using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>What is served.</summary>
public sealed record IrisModelStatus
{
    [Description("Generation of the spec that the rest of the status belongs to.")]
    public long? ObservedGeneration { get; init; }

    [Description("Pods that exist; read by the scale sub-resource.")]
    public int? Replicas { get; init; }

    [Description("Pods that answer.")]
    public int? ReadyReplicas { get; init; }

    [Description("Ready and wanted pods, such as 2/3.")]
    public string? Served { get; init; }

    [Description("Selects the pods; read by the scale sub-resource.")]
    public string? Selector { get; init; }

    [Description("Where predictions are answered inside the cluster.")]
    public string? Url { get; init; }

    [Description("The image of the wanted pods.")]
    public ServedImage? Image { get; init; }

    [Description("The version that is being tried beside the image; absent while none is.")]
    public CanaryStatus? Canary { get; init; }

    [Description("The run whose model the wanted pods serve.")]
    public ServedModel? Model { get; init; }

    [Description("Digest of the model that the wanted pods serve. Absent when the image holds the model and does not say.")]
    public string? ModelDigest { get; init; }

    [Description("Images that served, the newest last, at most ten.")]
    public IReadOnlyList<ServedVersion>? History { get; init; }

    [Description("Images that failed and are not taken again, at most ten.")]
    public IReadOnlyList<RejectedVersion>? Rejected { get; init; }

    [Description("The value of the annotation iris-operator.dev/release that was followed last.")]
    public string? Released { get; init; }

    [ListMapKey("type")]
    [Description("Ready first of all; its message says what is served or why not.")]
    public IReadOnlyList<V1Condition>? Conditions { get; init; }
}
