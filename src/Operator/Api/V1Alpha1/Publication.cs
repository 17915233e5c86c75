using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>What became of a run's model in the registry.</summary>
public sealed record Publication
{
    [Description("Pending, Published, Unchanged (it was the newest version already), Skipped (the run was rejected) or Failed.")]
    public required string State { get; init; }

    [Description("Registry and path.")]
    public required string Repository { get; init; }

    [Description("The version it got, or had.")]
    public string? Version { get; init; }

    [Description("Digest of the image.")]
    public string? Digest { get; init; }

    [Description("Digest of the serving image under it.")]
    public string? BaseDigest { get; init; }

    [Description("In one word, why it failed.")]
    public string? Reason { get; init; }

    [Description("In the publisher's own words.")]
    public string? Message { get; init; }
}
