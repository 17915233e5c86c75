using System.Diagnostics.CodeAnalysis;
using NuGet.Versioning;

namespace IrisOperator.Registry.Versions;

/// <summary>
/// A tag that is a semantic version of three numbers: <c>1.2.3</c>, <c>v1.2.3</c> or <c>1.2.3-rc.1</c>. A <c>v</c> in front says nothing;
/// build metadata cannot occur, because <c>+</c> cannot stand in a tag. <c>1.2</c>, <c>latest</c> and the like are no versions: they move.
/// </summary>
public sealed record VersionedTag : IComparable<VersionedTag>
{
    private VersionedTag(Tag tag, SemanticVersion version) => (Tag, Version) = (tag, version);

    public Tag Tag { get; }

    /// <summary>Precedence as in SemVer 2.0, except that letters in pre-release labels compare without regard to case.</summary>
    internal SemanticVersion Version { get; }

    public static bool operator <(VersionedTag left, VersionedTag right) => left.CompareTo(right) < 0;

    public static bool operator >(VersionedTag left, VersionedTag right) => left.CompareTo(right) > 0;

    public static bool operator <=(VersionedTag left, VersionedTag right) => left.CompareTo(right) <= 0;

    public static bool operator >=(VersionedTag left, VersionedTag right) => left.CompareTo(right) >= 0;

    public static bool TryParse(Tag tag, [NotNullWhen(true)] out VersionedTag? versioned)
    {
        versioned = TryParseVersion(tag.Text, out var version) && version.Metadata is null or "" ? new VersionedTag(tag, version) : null;
        return versioned is not null;
    }

    /// <summary>
    /// By version. Of two spellings of one version, the one without <c>v</c> is higher, so that the order never depends on a registry's.
    /// </summary>
    public int CompareTo(VersionedTag? other)
    {
        if (other is null)
        {
            return 1;
        }

        var order = Version.CompareTo(other.Version);
        return order != 0 ? order : string.CompareOrdinal(other.Tag.Text, Tag.Text);
    }

    public override string ToString() => Tag.Text;

    internal static bool TryParseVersion(string text, [NotNullWhen(true)] out SemanticVersion? version)
    {
        var bare = text is ['v', ..] ? text[1..] : text;
        version = null;
        return bare is [>= '0' and <= '9', ..] && SemanticVersion.TryParse(bare, out version);
    }
}
