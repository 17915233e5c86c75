using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>What to train, from what, and what is good enough. Defaults are those of the schema.</summary>
public sealed record IrisTrainingSpec
{
    [Description("The table to learn from. Exactly one of claimName and configMapName is set.")]
    public required DatasetSource Dataset { get; init; }

    [Description("How to learn. Omitted: xgboost with its defaults.")]
    public AlgorithmSpec? Algorithm { get; init; }

    [Description("How the model is judged.")]
    public EvaluationSpec? Evaluation { get; init; }

    [Description("The program that trains. Omitted: the trainer that the operator was installed with.")]
    public TrainerSpec? Trainer { get; init; }

    [Description("The volume that receives the models. Omitted: a claim of 1Gi named <name>-models is made; it outlives the training.")]
    public OutputSpec? Output { get; init; }

    [Description("Makes each accepted model an image. Omitted: it stays on the volume.")]
    public PublishSpec? Publish { get; init; }

    [Description("True stops a run that is going on and starts none. What was trained stays.")]
    public bool? Suspend { get; init; }

    [Description("How often a run that crashed is tried again. Bad input is never tried again.")]
    [Minimum(0)]
    [Maximum(20)]
    [Default(2)]
    public int? BackoffLimit { get; init; }

    [Description("A run that takes longer, in seconds, fails. Omitted: no limit.")]
    [Minimum(1)]
    public long? ActiveDeadlineSeconds { get; init; }

    [Description("How many runs stay in the status. The newest accepted run always stays.")]
    [Minimum(1)]
    [Maximum(100)]
    [Default(10)]
    public int? HistoryLimit { get; init; }
}
