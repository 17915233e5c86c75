namespace IrisOperator.Registry.Images;

/// <summary>A version that is ours. Whoever uses it pins the digest: the tag is for people.</summary>
public sealed record PublishedImage(RepositoryName Repository, Tag Tag, Digest Digest);
