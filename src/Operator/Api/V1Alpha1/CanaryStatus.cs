using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>A version that is being tried. An operator that begins anew goes on from here.</summary>
public sealed record CanaryStatus
{
    [Description("Its tag.")]
    public string? Version { get; init; }

    [Description("Its repository and digest.")]
    public required string Reference { get; init; }

    [Description("Its digest.")]
    public required string Digest { get; init; }

    [Description("Its pods.")]
    public int? Replicas { get; init; }

    [Description("When all its pods were ready for the first time.")]
    public DateTimeOffset? Since { get; init; }

    [Description("Requests that its pods answered, from 100 on rounded down to two digits.")]
    public long? Requests { get; init; }

    [Description("Those of them that were answered with a status of 500 or above, rounded likewise.")]
    public long? Errors { get; init; }
}
