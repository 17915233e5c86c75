using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>What a published image says of itself.</summary>
public sealed record ImageLineage
{
    [Description("Namespace and name of the training.")]
    public string? Training { get; init; }

    [Description("Uid of the training.")]
    public string? TrainingUid { get; init; }

    [Description("Digest of the data.")]
    public string? DatasetDigest { get; init; }

    [Description("Digest of the model file.")]
    public string? ModelDigest { get; init; }

    [Description("The trainer.")]
    public string? Trainer { get; init; }

    [Description("Digest of the trainer.")]
    public string? TrainerDigest { get; init; }

    [Description("Seed of the training.")]
    public string? Seed { get; init; }

    [Description("Cross-validated.")]
    public IReadOnlyDictionary<string, string>? Metrics { get; init; }

    [Description("The serving image under the model.")]
    public string? Base { get; init; }

    [Description("Its digest.")]
    public string? BaseDigest { get; init; }
}
