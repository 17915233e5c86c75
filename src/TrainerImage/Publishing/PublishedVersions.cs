using IrisOperator.Registry.Images;
using IrisOperator.Registry.Versions;

namespace IrisOperator.TrainerImage.Publishing;

/// <summary>The ten highest versions of a major, and the ten highest of a series within it.</summary>
internal sealed class PublishedVersions(IReadOnlyList<PublishedVersion> highestFirst)
{
    private const int Looked = 10;

    /// <summary>The highest version of the series, which its followers take.</summary>
    public PublishedVersion? Newest { get; } = highestFirst.FirstOrDefault(version => version.IsOfSeries);

    /// <summary>The highest version that says what its input is.</summary>
    public PublishedVersion? Described { get; } = highestFirst.FirstOrDefault(version => version.Schema is not null);

    public static async Task<PublishedVersions> ReadAsync(
        RegistryClient client, RepositoryName repository, VersionSeries series, CancellationToken cancellationToken)
    {
        var (ofSeries, ofMajor) = (VersionRange.Parse($"{series}.x"), VersionRange.Parse($"{series.Major}.x"));
        var tags = await client.ListTagsOrNoneAsync(repository, cancellationToken).ToListAsync(cancellationToken);
        var highest = (await ofMajor.BestAsync(tags.ToAsyncEnumerable(), Looked, cancellationToken))
            .Union(await ofSeries.BestAsync(tags.ToAsyncEnumerable(), Looked, cancellationToken)).OrderDescending();
        var found = await Task.WhenAll(
            highest.Select(tag => ReadAsync(client, repository, tag, ofSeries.Contains(tag), cancellationToken)));
        return new PublishedVersions([.. found.OfType<PublishedVersion>()]);
    }

    // Null for what was deleted meanwhile, or is no image that we could have published.
    private static async Task<PublishedVersion?> ReadAsync(
        RegistryClient client, RepositoryName repository, VersionedTag tag, bool isOfSeries, CancellationToken cancellationToken)
    {
        try
        {
            var manifest = await client.GetManifestAsync(repository.With(tag.Tag), cancellationToken);
            return new PublishedVersion(tag.Tag, isOfSeries, manifest.Digest, ImageAnnotations.Read(manifest));
        }
        catch (RegistryException e) when (
            e.Problem is RegistryProblem.NotFound or RegistryProblem.InvalidAnswer or RegistryProblem.Unsupported)
        {
            return null;
        }
    }
}

/// <summary>A version that is in the repository.</summary>
/// <param name="IsOfSeries">Whether the next version goes into the same series.</param>
/// <param name="Annotations">Of the manifest; anyone may have written them.</param>
internal sealed record PublishedVersion(Tag Tag, bool IsOfSeries, Digest Digest, IReadOnlyDictionary<string, string> Annotations)
{
    public InputSchema? Schema { get; } = InputSchema.Parse(Annotations.GetValueOrDefault(ImageAnnotation.Schema));

    public bool Holds(string modelDigest) => Annotations.GetValueOrDefault(ImageAnnotation.ModelDigest) == modelDigest;

    public bool Holds(Digest baseDigest, string modelDigest) =>
        Holds(modelDigest) && Annotations.GetValueOrDefault(ImageAnnotation.BaseDigest) == baseDigest.ToString();
}
