using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Semver;

namespace IrisOperator.Registry.Versions;

/// <summary>
/// Which versions of an image may be taken, in npm's notation (node-semver): <c>1.2.3</c>, <c>1.x</c>, <c>1</c>, <c>^1.2</c>,
/// <c>~1.2.3</c>, <c>&gt;=1.0 &lt;2.0</c>, <c>1.x || 3.x</c>, with a comma for "and" where one likes, as Helm, Flux and Cargo write it;
/// or NuGet's for intervals, <c>[1.0,2.0)</c>. Tags that move, such as <c>latest</c>, are refused: one could not go back to what they
/// were. Numbers may have any length.
/// </summary>
/// <remarks>
/// A pre-release is taken only if the range names a pre-release of the same three numbers: <c>&gt;=1.0.0-rc.1</c> takes 1.0.0-rc.2
/// and 1.1.0, but not 1.1.0-rc.1. An exact version matches whether the tag is written with a <c>v</c> or without.
/// </remarks>
public sealed partial class VersionRange
{
    private const int MaxLength = 256;

    private const string Expected =
        "expected an exact version (1.2.3), a range (1.x, 1.2.x, ^1.2, ~1.2.3, >=1.0 <2.0, 1.x || 3.x) or an interval ([1.0,2.0))";

    // Shapes only: what the numbers and labels may be is the package's to say.
    private const string Version = "v?[0-9xX*][0-9A-Za-z.*-]*";
    private const string Bound = "[0-9][0-9.]*(?:-[0-9A-Za-z.-]+)?";

    private readonly string _text;
    private readonly SemVersion? _exact;
    private readonly SemVersionRange _range;

    private VersionRange(string text, SemVersion? exact, SemVersionRange range) => (_text, _exact, _range) = (text, exact, range);

    /// <summary>True for one version and no other, so that no list of tags is needed.</summary>
    public bool IsExact => _exact is not null;

    /// <summary>How the tag of an exact version may be written; empty for a range.</summary>
    public IEnumerable<VersionedTag> ExactTags => (IsExact ? new[] { $"{_exact}", $"v{_exact}" } : [])
        .Select(text => Tag.TryParse(text, out var tag) && VersionedTag.TryParse(tag, out var version) ? version : null)
        .OfType<VersionedTag>();

    /// <param name="error">When the text is no range: what was expected instead.</param>
    public static bool TryParse(
        [NotNullWhen(true)] string? text, [NotNullWhen(true)] out VersionRange? range, [NotNullWhen(false)] out string? error)
    {
        var trimmed = text?.Trim() ?? "";
        var npm = trimmed.Length is > 0 and <= MaxLength ? ToNpm(trimmed) : null;
        range = npm is not null && SemVersionRange.TryParseNpm(npm, out var written)
            ? new VersionRange(trimmed, Single(written), SemVersionRange.ParseNpm(Fold(npm)))
            : null;
        error = range is not null ? null
            : trimmed.Equals("latest", StringComparison.OrdinalIgnoreCase)
                ? $"\"latest\" moves, and nobody could go back to what it was: {Expected}"
            : $"{Quote(text)} is no version: {Expected}";
        return range is not null;
    }

    /// <exception cref="FormatException">The text is no range.</exception>
    public static VersionRange Parse(string? text) =>
        TryParse(text, out var range, out var error) ? range : throw new FormatException(error);

    public bool Contains(VersionedTag tag) => _range.Contains(tag.Version);

    /// <summary>The highest few versions within the range, the highest first. Tags that are no versions are skipped.</summary>
    public async Task<IReadOnlyList<VersionedTag>> BestAsync(
        IAsyncEnumerable<Tag> tags, int count, CancellationToken cancellationToken = default)
    {
        var kept = new SortedSet<VersionedTag>();
        await foreach (var tag in tags.WithCancellation(cancellationToken))
        {
            if (VersionedTag.TryParse(tag, out var version) && Contains(version) && kept.Add(version) && kept.Count > count)
            {
                kept.Remove(kept.Min!);
            }
        }

        return [.. kept.Reverse()];
    }

    public override string ToString() => _text;

    /// <summary>Letters of pre-releases compare without regard to case, other than in SemVer 2.0.</summary>
    internal static string Fold(string text) => text.ToLowerInvariant();

    private static SemVersion? Single(SemVersionRange range) =>
        range is [{ Start: { } start, StartInclusive: true, EndInclusive: true } only] && start.Equals(only.End) ? start : null;

    // The notation of users is narrower than npm's (no hyphen ranges, build metadata or empty alternatives), and has intervals.
    // To npm, <1.2 is <1.2.0-0; here a bound is the version whose missing numbers are zero.
    private static string? ToNpm(string text)
    {
        var alternatives = text.Split("||").Select(part =>
            Interval().Match(part) is { Success: true } interval ? FromInterval(interval)
            : Terms().IsMatch(part) ? OpenBelow().Replace(part.Replace(',', ' '), term => $"<{Lowest(term.Groups[1].Value)}")
            : null).ToArray();
        return alternatives.Contains(null) ? null : string.Join(" || ", alternatives);
    }

    // The bounds alone are NuGet's; its rule for pre-releases is another.
    private static string? FromInterval(Match interval)
    {
        var (low, high) = (Whole(interval.Groups["low"].Value), Whole(interval.Groups["high"].Value));
        var (from, to) = (interval.Groups["open"].Value == "[" ? ">=" : ">", interval.Groups["close"].Value == "]" ? "<=" : "<");
        var isClosed = (from, to) == (">=", "<=");
        if (!interval.Groups["comma"].Success)
        {
            return isClosed && low.Length > 0 ? low : null;
        }

        var isReversed = low.Length > 0 && high.Length > 0
            && !(low == high ? isClosed : SemVersionRange.TryParseNpm($">={low} <={high}", out var all) && all.Count > 0);
        var npm = $"{(low.Length > 0 ? from : "")}{low} {(high.Length > 0 ? to : "")}{high}";
        return isReversed || npm == " " ? null : npm;
    }

    private static string Whole(string bound) =>
        SemVersion.TryParse(bound, SemVersionStyles.OptionalMinorPatch | SemVersionStyles.AllowLeadingZeros, out var whole)
            ? whole.ToString()
            : bound;

    private static string Lowest(string version) =>
        SemVersionRange.TryParseNpm(version, out var range) && range.Count > 0 ? $"{range[0].Start ?? new SemVersion(0)}" : version;

    [GeneratedRegex($@"^\s*(?:(?:[\^~=]|[<>]=?)?\s*{Version}(?:\s*,\s*(?=\S)|\s+|(?=[\^~=<>])|\z))+\z")]
    private static partial Regex Terms();

    [GeneratedRegex($@"<\s*({Version})")]
    private static partial Regex OpenBelow();

    [GeneratedRegex($@"^\s*(?<open>[\[(])\s*(?<low>{Bound})?\s*(?:(?<comma>,)\s*(?<high>{Bound})?\s*)?(?<close>[\])])\s*\z")]
    private static partial Regex Interval();
}

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
