using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Semver;

namespace IrisOperator.Registry.Versions;

/// <summary>
/// A tag that is a semantic version of three numbers: <c>1.2.3</c>, <c>v1.2.3</c> or <c>1.2.3-rc.1</c>. A <c>v</c> in front says nothing;
/// build metadata cannot occur, because <c>+</c> cannot stand in a tag. <c>1.2</c>, <c>latest</c> and the like are no versions: they move.
/// </summary>
public sealed partial record VersionedTag : IComparable<VersionedTag>
{
    private VersionedTag(Tag tag, SemVersion version) => (Tag, Version) = (tag, version);

    public Tag Tag { get; }

    /// <summary>In lower case, see <see cref="VersionRange.Fold"/>.</summary>
    internal SemVersion Version { get; }

    public static bool operator <(VersionedTag left, VersionedTag right) => left.CompareTo(right) < 0;

    public static bool operator >(VersionedTag left, VersionedTag right) => left.CompareTo(right) > 0;

    public static bool operator <=(VersionedTag left, VersionedTag right) => left.CompareTo(right) <= 0;

    public static bool operator >=(VersionedTag left, VersionedTag right) => left.CompareTo(right) >= 0;

    public static bool TryParse(Tag tag, [NotNullWhen(true)] out VersionedTag? versioned)
    {
        versioned = SemVersion.TryParse(Bare(tag), out var version) ? new VersionedTag(tag, version) : null;
        return versioned is not null;
    }

    /// <summary>True for tags that people take for versions, whether they are semantic ones or not: not for latest or signatures.</summary>
    public static bool LooksLikeVersion(Tag tag) => Look().IsMatch(tag.Text);

    /// <summary>Why a tag is no semantic version; null for one that is.</summary>
    public static string? Validate(Tag tag)
    {
        try
        {
            _ = SemVersion.Parse(Bare(tag));
            return null;
        }
        catch (FormatException error)
        {
            // The package says "Minor version has leading zero in '2022.04.3'."
            var problem = error.Message.Split(" in '")[0];
            return char.ToLowerInvariant(problem[0]) + problem[1..];
        }
    }

    /// <summary>
    /// By version. Of two spellings of one version, the one without <c>v</c> is higher, so that the order never depends on a registry's.
    /// </summary>
    public int CompareTo(VersionedTag? other)
    {
        var order = Version.ComparePrecedenceTo(other?.Version);
        return order != 0 ? order : string.CompareOrdinal(other?.Tag.Text, Tag.Text);
    }

    public override string ToString() => Tag.Text;

    private static string Bare(Tag tag) => VersionRange.Fold(tag.Text is ['v', ..] ? tag.Text[1..] : tag.Text);

    // Numbers with a dot or a hyphen between them, or one number; claims and the tags of signatures and referrers are others' business.
    [GeneratedRegex(@"^(?!(?:sha256|claim)-)(?:.*[0-9][.-][0-9]|v?[0-9]+\z)")]
    private static partial Regex Look();
}
