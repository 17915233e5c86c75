using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>
/// One run. Final once its state is not Running: nothing that happens to its Job afterwards changes it.
/// Only a rebase gives its publication another image.
/// </summary>
public sealed record TrainingRun
{
    [Description("Counts from 1 and never repeats.")]
    public required int Number { get; init; }

    [Description("The Job of the run.")]
    public required string JobName { get; init; }

    [Description("Of everything that decides what the run learns. A new hash is a new run.")]
    public required string InputsHash { get; init; }

    [Description("Generation of the spec at the start.")]
    public long? Generation { get; init; }

    [Description("Running, Accepted, Rejected, Failed or Superseded.")]
    public required string State { get; init; }

    [Description("When the run was decided on.")]
    public DateTimeOffset? Started { get; init; }

    [Description("When its end was recorded.")]
    public DateTimeOffset? Finished { get; init; }

    [Description("In one word, why it ended as it did.")]
    public string? Reason { get; init; }

    [Description("The trainer's own words, or what became of its pod.")]
    public string? Message { get; init; }

    [Description("The claim that holds the model.")]
    public string? ClaimName { get; init; }

    [Description("Folder of the model inside the claim.")]
    public string? ModelPath { get; init; }

    [Description("Access mode of the claim: one that only one node can mount keeps the serving pods together.")]
    public string? ClaimAccessMode { get; init; }

    [Description("The trainer.")]
    public string? Image { get; init; }

    [Description("Digest of the data that was read.")]
    public string? DatasetDigest { get; init; }

    [Description("Digest of the model that was written.")]
    public string? ModelDigest { get; init; }

    [Description("What became of the model in the registry; absent where spec.publish was.")]
    public Publication? Publication { get; init; }

    [Description("Cross-validated.")]
    public IReadOnlyDictionary<string, string>? Metrics { get; init; }
}
