using IrisOperator.Registry;
using IrisOperator.Registry.Images;
using IrisOperator.Registry.Versions;

namespace IrisOperator.TrainerImage.Publishing;

/// <summary>The ten highest versions of a major, and the ten highest of a series within it.</summary>
internal sealed class PublishedVersions
{
    private const int Looked = 10;
    private readonly IReadOnlyList<PublishedVersion> _highestFirst;

    private PublishedVersions(IReadOnlyList<PublishedVersion> highestFirst) => _highestFirst = highestFirst;

    public static async Task<PublishedVersions> ReadAsync(
        RegistryClient client, RepositoryName repository, VersionSeries series, CancellationToken cancellationToken)
    {
        var ofSeries = VersionRange.Parse($"{series}.x");
        var tags = await HighestAsync(client, repository, [ofSeries, VersionRange.Parse($"{series.Major}.x")], cancellationToken);
        var found = await Task.WhenAll(tags.Select(tag => ReadAsync(client, repository, tag, ofSeries.Contains(tag), cancellationToken)));
        return new PublishedVersions([.. found.OfType<PublishedVersion>()]);
    }

    /// <summary>The highest version of the series: the one that whoever follows it takes.</summary>
    public PublishedVersion? Newest => _highestFirst.FirstOrDefault(version => version.IsOfSeries);

    /// <summary>The highest version that says what its input is.</summary>
    public (PublishedVersion Version, InputSchema Schema)? Schema => _highestFirst
        .Select(version => (version, InputSchema.Parse(version.Annotations.GetValueOrDefault(ModelAnnotations.Schema))))
        .Where(pair => pair.Item2 is not null)
        .Select(pair => ((PublishedVersion, InputSchema)?)(pair.version, pair.Item2!))
        .FirstOrDefault();

    // The tags are kept as they arrive, so ten thousand need no more memory than ten.
    private static async Task<IReadOnlyList<VersionedTag>> HighestAsync(
        RegistryClient client, RepositoryName repository, IReadOnlyList<VersionRange> ranges, CancellationToken cancellationToken)
    {
        var kept = ranges.Select(_ => new SortedSet<VersionedTag>()).ToArray();
        await foreach (var tag in client.ListTagsOrNoneAsync(repository, cancellationToken))
        {
            for (var i = 0; i < kept.Length; i++)
            {
                if (VersionedTag.TryParse(tag, out var version) && ranges[i].Contains(version)
                    && kept[i].Add(version) && kept[i].Count > Looked)
                {
                    kept[i].Remove(kept[i].Min!);
                }
            }
        }
        return [.. kept.SelectMany(set => set).Distinct().OrderDescending()];
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
