using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using IrisOperator.Registry.Images;
using IrisOperator.Registry.Versions;
using Semver;

namespace IrisOperator.Registry.Pruning;

/// <summary>Removes old versions of a repository, by digest: the only way that every registry knows which deletes at all.</summary>
/// <remarks>
/// <para>Guarantees. Nothing that <see cref="PrunePlan"/> keeps is deleted, and no part of an index that stays. Before each single deletion
/// the tags are listed again: a digest that got another tag meanwhile, or that a publisher has claimed a version for, stays.</para>
/// <para>Caveats. Between that list and the deletion lies one request, in which another client may tag the digest; and a tag that
/// was there before and is moved onto it meanwhile is not noticed. Blobs, and the images of an index that is removed, are left to
/// the registry's garbage collection.</para>
/// </remarks>
public sealed class RepositoryPruner(RegistryClient client)
{
    /// <summary>More tags than that are not looked up one by one.</summary>
    public const int MaxTags = 5_000;

    /// <summary>Digests that are deleted at a time; the tags are listed again for each.</summary>
    public const int MaxRemoved = 200;

    private const int Concurrency = 8;

    /// <exception cref="RegistryException">Before the first deletion; a later one is part of the result.</exception>
    public async Task<PruneResult> PruneAsync(
        RepositoryName repository, int retain, KeepList keep, bool dryRun, CancellationToken cancellationToken = default)
    {
        var listed = await ListAsync(repository, cancellationToken);
        var tags = await LookUpAsync(repository, listed.Where(MayShareADigest), cancellationToken);
        var plan = await PlanAsync(repository, tags, retain, keep, cancellationToken);
        return dryRun
            ? new PruneResult([.. plan.Remove.SelectMany(one => one.Tags)], plan.InUse, 0)
            : await RemoveAsync(repository, plan, tags, cancellationToken);
    }

    private async Task<PruneResult> RemoveAsync(
        RepositoryName repository, PrunePlan plan, IReadOnlyCollection<TaggedManifest> planned, CancellationToken cancellationToken)
    {
        var known = planned.Select(tag => tag.Tag).ToHashSet();
        var taken = new HashSet<Digest>();
        var (removed, inUse) = (new List<Tag>(), plan.InUse.ToList());
        try
        {
            foreach (var (digest, tags) in plan.Remove.Take(MaxRemoved))
            {
                var now = await ListAsync(repository, cancellationToken);
                var added = await LookUpAsync(repository, now.Where(tag => MayShareADigest(tag) && known.Add(tag)), cancellationToken);
                taken.UnionWith(added.Select(tag => tag.Digest));
                if (taken.Contains(digest) || IsClaimed(digest, now))
                {
                    inUse.AddRange(tags);
                    continue;
                }

                await client.DeleteAsync(repository.With(digest), cancellationToken);
                removed.AddRange(tags);
            }
        }
        catch (RegistryException problem)
        {
            return new PruneResult(removed, inUse, plan.Remove.Sum(one => one.Tags.Count) - removed.Count, problem);
        }

        return new PruneResult(removed, inUse, plan.Remove.Skip(MaxRemoved).Sum(one => one.Tags.Count));
    }

    // What stays may be an index, whose images stay with it; and those may be an index again.
    private async Task<PrunePlan> PlanAsync(
        RepositoryName repository, IReadOnlyCollection<TaggedManifest> tags, int retain, KeepList keep, CancellationToken cancellationToken)
    {
        var parts = new HashSet<Digest>();
        var read = new HashSet<Digest>();
        while (true)
        {
            var plan = PrunePlan.Make(tags, retain, keep, parts);
            var tagged = tags.Select(tag => tag.Digest).ToHashSet();
            var indexes = plan.Kept.Where(tag => MediaTypes.IsIndex(tag.Manifest.MediaType)).Select(tag => tag.Digest)
                .Concat(keep.Digests.Where(digest => !tagged.Contains(digest))).Where(read.Add).ToList();
            if (plan.Remove.Count == 0 || indexes.Count == 0)
            {
                return plan;
            }

            foreach (var index in indexes)
            {
                parts.UnionWith(await PartsAsync(repository, index, cancellationToken));
            }
        }
    }

    private async Task<IEnumerable<Digest>> PartsAsync(RepositoryName repository, Digest index, CancellationToken cancellationToken)
    {
        try
        {
            var manifest = await client.GetManifestAsync(repository.With(index), cancellationToken);
            var what = $"index {repository}@{index}";
            return manifest.IsIndex
                ? ImageDocuments.Array(ImageDocuments.Parse(manifest.Bytes.Span, what), "manifests", what).OfType<JsonObject>()
                    .Select(entry => ImageDocuments.ReadDescriptor(entry, what).Digest)
                : [];
        }
        catch (RegistryException error) when (error.Problem == RegistryProblem.NotFound)
        {
            // Nobody can be using it.
            return [];
        }
    }

    private async Task<IReadOnlyCollection<TaggedManifest>> LookUpAsync(
        RepositoryName repository, IEnumerable<Tag> tags, CancellationToken cancellationToken)
    {
        var found = new ConcurrentBag<TaggedManifest>();
        await Parallel.ForEachAsync(
            tags.ToList(),
            new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken },
            async (tag, token) =>
            {
                // Null: deleted since it was listed.
                if (await client.HeadManifestAsync(repository.With(tag), token) is { } manifest)
                {
                    found.Add(new TaggedManifest(tag, manifest));
                }
            });
        return found;
    }

    private async Task<IReadOnlyList<Tag>> ListAsync(RepositoryName repository, CancellationToken cancellationToken)
    {
        var tags = await client.ListTagsOrNoneAsync(repository, cancellationToken).Take(MaxTags + 1).ToListAsync(cancellationToken);
        return tags.Count <= MaxTags ? tags : throw new RegistryException(
            RegistryProblem.TooLarge, $"{repository} has more than {MaxTags} tags, which are too many to look up; remove some by hand");
    }

    // Once its version is there, a claim says nothing any more; where claims cannot be deleted, every image has one.
    private static bool IsClaimed(Digest digest, IReadOnlyList<Tag> tags) => tags.Any(tag =>
        ClaimTag.TryParse(tag, out var claim) && claim.IsFor(digest) && !tags.Any(version => version.Text == claim.Version));

    // Claims and the fallback tags of the referrers API are manifests of their own, and nobody pulls them.
    private static bool MayShareADigest(Tag tag) =>
        !ClaimTag.TryParse(tag, out _) && !tag.Text.StartsWith("sha256-", StringComparison.Ordinal);
}

/// <param name="Removed">Tags that are gone; of a dry run, those that would be.</param>
/// <param name="InUse">Versions that are old enough to go and stay.</param>
/// <param name="Left">How many more could go and were left for the next time.</param>
/// <param name="Problem">Why it ended before its time; null where it did not.</param>
public sealed record PruneResult(IReadOnlyList<Tag> Removed, IReadOnlyList<Tag> InUse, int Left, RegistryException? Problem = null);

/// <summary>A tag and what it meant when it was looked up.</summary>
public sealed record TaggedManifest(Tag Tag, Descriptor Manifest)
{
    public Digest Digest => Manifest.Digest;
}

/// <summary>Which tags of a repository may go. Pure: the same tags give the same plan.</summary>
/// <remarks>
/// <para>Only semantic versions are candidates, and of those not the highest. A registry deletes by digest, and with a digest all of its
/// tags go, so a tag goes only if every tag of its digest does: a version that shares its image with one that stays, or with
/// <c>stable</c>, stays too.</para>
/// </remarks>
public sealed record PrunePlan
{
    /// <summary>Digests to delete with all their tags, the lowest version first.</summary>
    public required IReadOnlyList<(Digest Digest, IReadOnlyList<Tag> Tags)> Remove { get; init; }

    /// <summary>Versions that are old enough to go and stay, because they or their image are in use. The lowest first.</summary>
    public required IReadOnlyList<Tag> InUse { get; init; }

    /// <summary>What stays, whatever its name.</summary>
    public required IReadOnlyList<TaggedManifest> Kept { get; init; }

    /// <param name="retain">How many versions stay in any case; two spellings of a version are one.</param>
    /// <param name="parts">Manifests that are part of an index which stays.</param>
    public static PrunePlan Make(IReadOnlyCollection<TaggedManifest> tags, int retain, KeepList keep, IReadOnlySet<Digest> parts)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(retain);
        var versions = tags.Select(tag => VersionedTag.TryParse(tag.Tag, out var version) ? version : null)
            .OfType<VersionedTag>().OrderDescending().ToList();
        var highest = versions.DistinctBy(version => version.Version).Take(retain).Select(version => version.Version).ToHashSet();
        var old = versions.Where(version => !highest.Contains(version.Version)).Select(version => version.Tag).ToHashSet();
        var meant = keep.Meant(versions);

        var staying = tags
            .Where(tag => !old.Contains(tag.Tag) || meant.Contains(tag.Tag)
                || keep.Digests.Contains(tag.Digest) || parts.Contains(tag.Digest))
            .Select(tag => tag.Digest).ToHashSet();
        var byTag = tags.ToDictionary(tag => tag.Tag);
        var oldest = versions.Where(version => old.Contains(version.Tag)).Reverse().Select(version => byTag[version.Tag]).ToList();
        return new PrunePlan
        {
            Remove =
            [
                .. oldest.Where(tag => !staying.Contains(tag.Digest)).GroupBy(tag => tag.Digest)
                    .Select(group => (group.Key, (IReadOnlyList<Tag>)[.. group.Select(tag => tag.Tag)])),
            ],
            InUse = [.. oldest.Where(tag => staying.Contains(tag.Digest)).Select(tag => tag.Tag)],
            Kept = [.. tags.Where(tag => staying.Contains(tag.Digest))],
        };
    }
}

/// <summary>What must stay although it is old: digests, and of each range or exact version what it means.</summary>
public sealed class KeepList
{
    private readonly VersionRange[] _ranges;

    private KeepList(IEnumerable<Digest> digests, IEnumerable<VersionRange> ranges) =>
        (Digests, _ranges) = (digests.ToHashSet(), [.. ranges]);

    public IReadOnlySet<Digest> Digests { get; }

    /// <param name="entries">Each a digest, an exact version or a range.</param>
    /// <exception cref="FormatException">One is none of the three: nothing may be guessed here.</exception>
    public static KeepList Parse(IEnumerable<string> entries)
    {
        var byKind = entries.ToLookup(entry => entry.StartsWith("sha256:", StringComparison.Ordinal));
        return new KeepList(byKind[true].Select(Digest.Parse), byKind[false].Select(VersionRange.Parse));
    }

    /// <summary>The tags that the ranges mean, in every spelling.</summary>
    internal HashSet<Tag> Meant(IReadOnlyList<VersionedTag> versions)
    {
        var best = _ranges.Select(range => versions.Where(range.Contains).Max()?.Version).OfType<SemVersion>().ToHashSet();
        return [.. versions.Where(version => best.Contains(version.Version)).Select(version => version.Tag)];
    }
}
