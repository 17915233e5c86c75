using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>An image that all pods served. The last one of the history is what a failed rollout goes back to.</summary>
public sealed record ServedVersion
{
    [Description("Its tag; absent for a digest.")]
    public string? Version { get; init; }

    [Description("Its repository and digest.")]
    public required string Reference { get; init; }

    [Description("Its digest.")]
    public required string Digest { get; init; }

    [Description("Digest of the model in it.")]
    public string? ModelDigest { get; init; }

    [Description("When all pods served it for the first time in a row.")]
    public DateTimeOffset? Since { get; init; }
}
