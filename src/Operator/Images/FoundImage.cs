using IrisOperator.Operator.Api.V1Alpha1;

namespace IrisOperator.Operator.Images;

/// <summary>What a selection came to.</summary>
/// <param name="Version">The tag; null where a digest was asked for.</param>
/// <param name="Digest">What the tag means: sha256:….</param>
/// <param name="Lineage">From the image's annotations; null when it has none of ours.</param>
public sealed record FoundImage(string? Version, string Digest, ImageLineage? Lineage = null);
