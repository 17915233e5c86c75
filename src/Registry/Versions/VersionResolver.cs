namespace IrisOperator.Registry.Versions;

/// <summary>Finds what a range means in a repository at this moment.</summary>
public static class VersionResolver
{
    private const int Candidates = 20;

    /// <summary>The highest version whose digest is not rejected; null when there is none among the twenty highest.</summary>
    /// <param name="client">With the rights to read.</param>
    /// <param name="repository">Where to look.</param>
    /// <param name="range">What is wanted.</param>
    /// <param name="isRejected">What must not be taken again, because it failed before. Digests, for a tag may be moved to something
    /// better.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public static async Task<ResolvedVersion?> ResolveAsync(
        RegistryClient client, RepositoryName repository, VersionRange range, Func<Digest, bool>? isRejected = null,
        CancellationToken cancellationToken = default)
    {
        var candidates = range.IsExact
            ? range.ExactTags
            : await range.BestAsync(client.ListTagsAsync(repository, cancellationToken), Candidates, cancellationToken);
        foreach (var candidate in candidates)
        {
            // Null: deleted since it was listed.
            var found = await client.HeadManifestAsync(repository.With(candidate.Tag), cancellationToken);
            if (found is not null && isRejected?.Invoke(found.Digest) != true)
            {
                return new ResolvedVersion(candidate, found.Digest);
            }
        }

        return null;
    }
}
