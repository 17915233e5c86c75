using IrisOperator.Kube.Models;
using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>What became of the spec. Runs are in the order of their numbers.</summary>
public sealed record IrisTrainingStatus
{
    [Description("Generation of the spec that the rest of the status belongs to.")]
    public long? ObservedGeneration { get; init; }

    [Description("Number of the newest run.")]
    public int? Run { get; init; }

    [Description("Cross-validated accuracy of the newest run that was judged.")]
    public string? Accuracy { get; init; }

    [Description("Digest of the newest accepted model.")]
    public string? ModelDigest { get; init; }

    [Description("The newest image, as repository:version@digest.")]
    public string? Image { get; init; }

    [Description("What is being done for the newest image, beside the runs.")]
    public Upkeep? Upkeep { get; init; }

    [Description("How the last rebase ended.")]
    public RebaseStatus? Rebase { get; init; }

    [Description("What the last removal of old versions came to.")]
    public RetentionStatus? Retention { get; init; }

    [ListMapKey("type")]
    [Description("Ready first of all; its message says what is served or why not.")]
    public IReadOnlyList<V1Condition>? Conditions { get; init; }

    [Description("The runs, oldest first.")]
    public IReadOnlyList<TrainingRun>? Runs { get; init; }
}
