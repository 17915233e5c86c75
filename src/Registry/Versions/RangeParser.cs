using System.Text.RegularExpressions;
using NuGet.Versioning;

namespace IrisOperator.Registry.Versions;

/// <summary>Turns the text of a range into bounds: alternatives, each a list of bounds that all must hold.</summary>
internal static partial class RangeParser
{
    public const string Expected =
        "expected an exact version (1.2.3), a range (1.x, 1.2.x, ^1.2, ~1.2.3, >=1.0 <2.0, 1.x || 3.x) or an interval ([1.0,2.0))";

    /// <summary>Null for what is no range.</summary>
    public static IReadOnlyList<IReadOnlyList<Comparator>>? Parse(string text)
    {
        var alternatives = new List<IReadOnlyList<Comparator>>();
        foreach (var part in text.Split("||"))
        {
            if (Alternative(part.Trim()) is not { } bounds)
            {
                return null;
            }

            alternatives.Add(bounds);
        }

        return alternatives;
    }

    private static List<Comparator>? Alternative(string text)
    {
        if (text is ['[' or '(', ..])
        {
            return Interval(text);
        }

        var bounds = new List<Comparator>();
        var end = 0;
        foreach (Match match in Term().Matches(text))
        {
            if (match.Index != end || PartialVersion.Parse(match.Groups["version"].Value) is not { } version)
            {
                return null;
            }

            bounds.AddRange(Bounds(match.Groups["operator"].Value, version));
            end = match.Index + match.Length;
        }

        return text.Length > 0 && end == text.Length ? bounds : null;
    }

    // NuGet's notation. Its own rule for pre-releases is another; here the bounds alone are taken.
    private static List<Comparator>? Interval(string text)
    {
        if (!NuGet.Versioning.VersionRange.TryParse(text, allowFloating: false, out var interval) || Extra().IsMatch(text))
        {
            return null;
        }

        var bounds = new List<Comparator>();
        if (interval.MinVersion is { } low)
        {
            bounds.Add(new Comparator(true, interval.IsMinInclusive, Semantic(low)));
        }

        if (interval.MaxVersion is { } high)
        {
            bounds.Add(new Comparator(false, interval.IsMaxInclusive, Semantic(high)));
        }

        return bounds.Count > 0 ? bounds : null;
    }

    private static SemanticVersion Semantic(NuGetVersion version) =>
        new(version.Major, version.Minor, version.Patch, version.ReleaseLabels, null);

    private static IEnumerable<Comparator> Bounds(string comparison, PartialVersion version) => comparison switch
    {
        "^" => Between(version.Lowest, Caret(version)),
        "~" => Between(version.Lowest, version.Above),
        ">=" => [new Comparator(true, true, version.Lowest)],
        "<" => [new Comparator(false, false, version.Lowest)],
        ">" when version.IsWhole => [new Comparator(true, false, version.Lowest)],
        "<=" when version.IsWhole => [new Comparator(false, true, version.Lowest)],

        // >1.2 is above all 1.2.x, and nothing is above x.
        ">" => version.Above is { } above ? [new Comparator(true, true, above)] : [new Comparator(false, false, version.Lowest)],
        "<=" => version.Above is { } above ? [new Comparator(false, false, above)] : [],
        _ when version.IsWhole => [new Comparator(true, true, version.Lowest), new Comparator(false, true, version.Lowest)],
        _ => Between(version.Lowest, version.Above),
    };

    // ^ lets everything change but the first number that is not zero.
    private static SemanticVersion? Caret(PartialVersion version) => version switch
    {
        { Major: null } => null,
        { Major: > 0 } or { Minor: null } => new SemanticVersion(version.Major.Value + 1, 0, 0),
        { Minor: > 0 } or { Patch: null } => new SemanticVersion(0, version.Minor.Value + 1, 0),
        _ => new SemanticVersion(0, 0, version.Patch.Value + 1),
    };

    private static IEnumerable<Comparator> Between(SemanticVersion from, SemanticVersion? below)
    {
        yield return new Comparator(true, true, from);
        if (below is not null)
        {
            yield return new Comparator(false, false, below);
        }
    }

    [GeneratedRegex(@"\G\s*(?<operator>\^|~|>=|<=|>|<|=)?\s*(?<version>[^\s<>=^~|,]+)(?=\s|\z|[<>=^~])")]
    private static partial Regex Term();

    // Four numbers and build metadata are NuGet's, and no tag of ours has them.
    [GeneratedRegex(@"\d+\.\d+\.\d+\.\d|\+")]
    private static partial Regex Extra();
}
