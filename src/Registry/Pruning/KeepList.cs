using IrisOperator.Registry.Versions;

namespace IrisOperator.Registry.Pruning;

/// <summary>What must stay although it is old: digests, and of each range or exact version what it means.</summary>
public sealed class KeepList
{
    private readonly HashSet<Digest> _digests = [];
    private readonly List<VersionRange> _ranges = [];

    public IReadOnlyCollection<Digest> Digests => _digests;

    /// <param name="entries">Each a digest, an exact version or a range.</param>
    /// <exception cref="FormatException">One is none of the three: nothing may be guessed here.</exception>
    public static KeepList Parse(IEnumerable<string> entries)
    {
        var list = new KeepList();
        foreach (var entry in entries)
        {
            if (entry.StartsWith("sha256:", StringComparison.Ordinal))
            {
                list._digests.Add(Digest.Parse(entry));
            }
            else
            {
                list._ranges.Add(VersionRange.Parse(entry));
            }
        }

        return list;
    }

    /// <summary>The tags that the ranges mean, in every spelling.</summary>
    internal HashSet<Tag> Meant(IReadOnlyList<VersionedTag> versions)
    {
        var meant = new HashSet<Tag>();
        foreach (var best in _ranges.Select(range => versions.Where(range.Contains).Max()).OfType<VersionedTag>())
        {
            meant.UnionWith(versions.Where(version => version.Version.Equals(best.Version)).Select(version => version.Tag));
        }

        return meant;
    }
}
