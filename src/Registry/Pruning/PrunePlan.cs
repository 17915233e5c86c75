using IrisOperator.Registry.Versions;
using Semver;

namespace IrisOperator.Registry.Pruning;

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
