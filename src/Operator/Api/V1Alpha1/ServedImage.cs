using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>The image of the wanted pods.</summary>
public sealed record ServedImage
{
    [Description("The version that was taken; absent for a digest.")]
    public string? Version { get; init; }

    [Description("As the pods name it.")]
    public string? Reference { get; init; }

    [Description("What the version meant when it was looked up. The pods are pinned to it.")]
    public string? Digest { get; init; }

    [Description("What the range has and is not served, and why.")]
    public CandidateImage? Candidate { get; init; }

    [Description("Where the image comes from, as its annotations tell.")]
    public ImageLineage? Lineage { get; init; }
}
