using System.Diagnostics.CodeAnalysis;
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
