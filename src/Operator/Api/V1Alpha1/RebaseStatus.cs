using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>How the last rebase ended. The image that it made is in the publication of its run.</summary>
public sealed record RebaseStatus
{
    [Description("Succeeded, Skipped (another model is the newest version) or Failed.")]
    public required string State { get; init; }

    [Description("Number of the run whose model it was.")]
    public required int Run { get; init; }

    [Description("Digest of the base that it was done for.")]
    public required string BaseDigest { get; init; }

    [Description("Generation of the spec that it was done with.")]
    public long? Generation { get; init; }

    [Description("Its Job.")]
    public string? JobName { get; init; }

    [Description("In one word, why it failed.")]
    public string? Reason { get; init; }

    [Description("In the publisher's own words.")]
    public string? Message { get; init; }

    [Description("When its end was recorded.")]
    public DateTimeOffset? Time { get; init; }
}
