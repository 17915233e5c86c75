namespace IrisOperator.Registry.Versions;

/// <summary>Finds what a range means in a repository at this moment.</summary>
public static class VersionResolver
{
    private const int Candidates = 20;

    /// <summary>The highest version within the range, with the digest that its tag means now; null when there is none.</summary>
    public static async Task<ImageReference?> ResolveAsync(
        RegistryClient client, RepositoryName repository, VersionRange range, CancellationToken cancellationToken = default)
    {
        var candidates = range.IsExact
            ? range.ExactTags
            : await range.BestAsync(client.ListTagsAsync(repository, cancellationToken), Candidates, cancellationToken);
        foreach (var candidate in candidates)
        {
            // Null: deleted since it was listed.
            if (await client.HeadManifestAsync(repository.With(candidate.Tag), cancellationToken) is { } found)
            {
                return new ImageReference(repository, candidate.Tag, found.Digest);
            }
        }

        return null;
    }
}
