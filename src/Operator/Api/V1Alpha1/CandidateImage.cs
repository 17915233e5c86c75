using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>The version that would be served if nothing stood against it.</summary>
public sealed record CandidateImage
{
    [Description("Its tag.")]
    public string? Version { get; init; }

    [Description("Its digest.")]
    public string? Digest { get; init; }

    [Description("Canary, Held, Pinned, RolledBackTo or Rejected.")]
    public string? Reason { get; init; }
}
