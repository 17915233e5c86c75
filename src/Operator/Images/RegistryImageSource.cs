using IrisOperator.Registry;
using IrisOperator.Registry.Images;
using IrisOperator.Registry.Versions;

namespace IrisOperator.Operator.Images;

/// <summary>The registries of this world, by the OCI distribution protocol.</summary>
/// <param name="clientFor">Called for each look, so that credentials may be rotated.</param>
public sealed class RegistryImageSource(Func<RegistryClient> clientFor) : IImageSource
{
    private static readonly RegistryProblem[] Passing =
        [RegistryProblem.Unreachable, RegistryProblem.RateLimited, RegistryProblem.ServerError, RegistryProblem.TooSlow];

    public async Task<IReadOnlyDictionary<string, FoundImage?>> LookAsync(
        string repository, IReadOnlyCollection<string> versions, IReadOnlyDictionary<string, FoundImage> known, CancellationToken cancellationToken)
    {
        try
        {
            var client = clientFor();
            var name = RepositoryName.Parse(repository);
            var tags = await BestAsync(client, name, versions, cancellationToken);
            var found = new Dictionary<Tag, FoundImage?>();
            foreach (var tag in tags.Values.OfType<Tag>().Distinct())
            {
                found[tag] = await FindAsync(client, name.With(tag), tag, known, cancellationToken);
            }

            return tags.ToDictionary(entry => entry.Key, entry => entry.Value is { } tag ? found[tag] : null);
        }
        catch (RegistryException error)
        {
            throw new ImageSourceException(ProblemOf(repository, error), error.RetryAfter, error);
        }
    }

    private static ImageProblem ProblemOf(string repository, RegistryException error) => error.Problem == RegistryProblem.NotFound
        ? new("RepositoryNotFound", $"{repository} does not exist, or the credentials of the installation may not see it", NeedsUser: false)
        : new($"Registry{error.Problem}", error.Message, !Passing.Contains(error.Problem));

    // One pass over the tags for all versions, keeping none but the best of each.
    private static async Task<Dictionary<string, Tag?>> BestAsync(
        RegistryClient client, RepositoryName repository, IReadOnlyCollection<string> versions, CancellationToken cancellationToken)
    {
        var ranges = versions.ToDictionary(version => version, VersionRange.Parse);
        var best = versions.ToDictionary(version => version, _ => (VersionedTag?)null);
        await foreach (var tag in client.ListTagsAsync(repository, cancellationToken))
        {
            if (!VersionedTag.TryParse(tag, out var versioned))
            {
                continue;
            }

            foreach (var (version, range) in ranges)
            {
                if (range.Contains(versioned) && (best[version] is not { } before || versioned > before))
                {
                    best[version] = versioned;
                }
            }
        }

        return best.ToDictionary(entry => entry.Key, entry => entry.Value?.Tag);
    }

    private static async Task<FoundImage?> FindAsync(
        RegistryClient client, ImageReference image, Tag tag, IReadOnlyDictionary<string, FoundImage> known, CancellationToken cancellationToken)
    {
        if (await client.HeadManifestAsync(image, cancellationToken) is not { } descriptor)
        {
            return null;   // Deleted since it was listed.
        }

        var digest = descriptor.Digest.ToString();
        if (known.TryGetValue(digest, out var before))
        {
            return before with { Version = tag.Text };
        }

        var manifest = await client.GetManifestAsync(image.Repository.With(descriptor.Digest), cancellationToken);
        return new FoundImage(tag.Text, digest, LineageReader.Read(ImageAnnotations.Read(manifest)));
    }
}
