using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>A Job for the publication of a run that has ended. Recorded before the Job exists, and gone once its end is recorded.</summary>
public sealed record Upkeep
{
    [Description("Rebase or Prune.")]
    public required string Task { get; init; }

    [Description("The Job.")]
    public required string JobName { get; init; }

    [Description("Number of the run whose publication it is for.")]
    public required int Run { get; init; }

    [Description(
        "What it is done for: of a rebase, the digest of the base; "
        + "of a removal, the image that was published and how many versions stay.")]
    public required string Cause { get; init; }

    [Description("Generation of the spec at the start.")]
    public long? Generation { get; init; }

    [Description("When it was decided on.")]
    public DateTimeOffset? Started { get; init; }

    [Description("What holds it up.")]
    public string? Message { get; init; }
}
