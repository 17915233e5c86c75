using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Semver;

namespace IrisOperator.Registry.Versions;

/// <summary>
/// A tag that is a semantic version of three numbers: <c>1.2.3</c>, <c>v1.2.3</c> or <c>1.2.3-rc.1</c>. A <c>v</c> in front says nothing;
/// build metadata cannot occur, because <c>+</c> cannot stand in a tag. <c>1.2</c>, <c>latest</c> and the like are no versions: they move.
/// </summary>
public sealed record VersionedTag : IComparable<VersionedTag>
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
        var text = tag.Text is ['v', ..] ? tag.Text[1..] : tag.Text;
        versioned = SemVersion.TryParse(VersionRange.Fold(text), out var version) ? new VersionedTag(tag, version) : null;
        return versioned is not null;
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
}

/// <summary>Where the next version of an image comes from: <c>1.0</c> makes 1.0.0, 1.0.1, 1.0.2 and so on.</summary>
public sealed partial record VersionSeries
{
    private const int MaxLength = 32;
    private const int MaxVersionLength = 80;

    private VersionSeries(string major, string minor) =>
        (Major, Minor) = (BigInteger.Parse(major, CultureInfo.InvariantCulture), BigInteger.Parse(minor, CultureInfo.InvariantCulture));

    public BigInteger Major { get; }

    public BigInteger Minor { get; }

    public static bool TryParse(
        [NotNullWhen(true)] string? text, [NotNullWhen(true)] out VersionSeries? series, [NotNullWhen(false)] out string? error)
    {
        var match = text is { Length: <= MaxLength } ? Shape().Match(text) : Match.Empty;
        series = match.Success ? new VersionSeries(match.Groups[1].Value, match.Groups[2].Value) : null;
        error = series is null ? $"{Quote(text)} is no series of versions: expected major.minor, such as 1.0" : null;
        return series is not null;
    }

    /// <exception cref="FormatException">The text is no series.</exception>
    public static VersionSeries Parse(string? text) =>
        TryParse(text, out var series, out var error) ? series : throw new FormatException(error);

    public override string ToString() => $"{Major}.{Minor}";

    /// <exception cref="RegistryException">So long a version does not fit into the tag that claims it.</exception>
    internal Tag At(BigInteger patch) => $"{this}.{patch}" is { Length: <= MaxVersionLength } version
        ? Tag.Parse(version)
        : throw new RegistryException(
            RegistryProblem.Unsupported,
            $"series {this}: the number after its highest version is too long for a tag; choose another series");

    /// <summary>The third number, of releases and pre-releases alike; null for a tag of another series.</summary>
    internal BigInteger? PatchOf(Tag tag) =>
        VersionedTag.TryParse(tag, out var versioned) && versioned.Version.Major == Major && versioned.Version.Minor == Minor
            ? versioned.Version.Patch
            : null;

    [GeneratedRegex(@"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\z")]
    private static partial Regex Shape();
}

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
