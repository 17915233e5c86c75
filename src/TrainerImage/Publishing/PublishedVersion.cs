using IrisOperator.Registry;

namespace IrisOperator.TrainerImage.Publishing;

/// <summary>A version that is in the repository.</summary>
/// <param name="Tag">The version.</param>
/// <param name="IsOfSeries">Whether the next version goes into the same series.</param>
/// <param name="Digest">Of its manifest.</param>
/// <param name="Annotations">Of its manifest; anybody may have written them.</param>
internal sealed record PublishedVersion(Tag Tag, bool IsOfSeries, Digest Digest, IReadOnlyDictionary<string, string> Annotations)
{
    public bool Holds(string modelDigest) => Annotations.GetValueOrDefault(ModelAnnotations.ModelDigest) == modelDigest;

    public bool Holds(Digest baseDigest, string modelDigest) =>
        Holds(modelDigest) && Annotations.GetValueOrDefault(ModelAnnotations.BaseDigest) == baseDigest.ToString();
}
