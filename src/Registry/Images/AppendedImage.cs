namespace IrisOperator.Registry.Images;

/// <summary>An image that is stored in its repository by digest and has no tag yet.</summary>
/// <param name="Repository">Where it is.</param>
/// <param name="Manifest">A manifest, or an index where the base is one.</param>
/// <param name="BaseDigest">What the base reference meant.</param>
public sealed record AppendedImage(RepositoryName Repository, Manifest Manifest, Digest BaseDigest);
