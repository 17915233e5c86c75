using System.Diagnostics.CodeAnalysis;
using NuGet.Versioning;

namespace IrisOperator.Registry.Versions;

/// <summary>
/// Which versions of an image may be taken, in npm's notation (node-semver): <c>1.2.3</c>, <c>1.x</c>, <c>1</c>, <c>^1.2</c>,
/// <c>~1.2.3</c>, <c>&gt;=1.0 &lt;2.0</c>, <c>1.x || 3.x</c>; or NuGet's for intervals, <c>[1.0,2.0)</c>. Names that move, such as
/// <c>latest</c>, are refused: one could not go back to what they were.
/// </summary>
/// <remarks>
/// A pre-release is taken only if the range names a pre-release of the same three numbers: <c>&gt;=1.0.0-rc.1</c> takes 1.0.0-rc.2
/// and 1.1.0, but not 1.1.0-rc.1. An exact version matches whether the tag is written with a <c>v</c> or without.
/// </remarks>
public sealed class VersionRange
{
    private const int MaxLength = 256;
    private readonly IReadOnlyList<IReadOnlyList<Comparator>> _alternatives;
    private readonly string _text;

    private VersionRange(string text, IReadOnlyList<IReadOnlyList<Comparator>> alternatives) =>
        (_text, _alternatives) = (text, alternatives);

    /// <summary>True for one version and no other, so that nothing needs to be looked for.</summary>
    public bool IsExact => _alternatives is [[{ IsLower: true, Inclusive: true } low, { IsLower: false, Inclusive: true } high]]
        && low.Bound.Equals(high.Bound);

    /// <summary>How the tag of an exact version may be written; empty for a range.</summary>
    public IEnumerable<VersionedTag> ExactTags
    {
        get
        {
            foreach (var text in IsExact ? [$"{_alternatives[0][0].Bound}", $"v{_alternatives[0][0].Bound}"] : Array.Empty<string>())
            {
                if (Tag.TryParse(text, out var tag) && VersionedTag.TryParse(tag, out var version))
                {
                    yield return version;
                }
            }
        }
    }

    /// <param name="text">As a user wrote it.</param>
    /// <param name="range">When it is one.</param>
    /// <param name="error">When it is none: what was expected instead.</param>
    public static bool TryParse(
        [NotNullWhen(true)] string? text, [NotNullWhen(true)] out VersionRange? range, [NotNullWhen(false)] out string? error)
    {
        var trimmed = text?.Trim() ?? "";
        var alternatives = trimmed.Length is > 0 and <= MaxLength ? RangeParser.Parse(trimmed) : null;
        range = alternatives is null ? null : new VersionRange(trimmed, alternatives);
        error = range is not null ? null
            : trimmed.Equals("latest", StringComparison.OrdinalIgnoreCase)
                ? $"\"latest\" moves, and nobody could go back to what it was: {RangeParser.Expected}"
            : $"{Quoted.Text(text)} is no version: {RangeParser.Expected}";
        return range is not null;
    }

    /// <exception cref="FormatException">The text is no range.</exception>
    public static VersionRange Parse(string? text) =>
        TryParse(text, out var range, out var error) ? range : throw new FormatException(error);

    public bool Contains(VersionedTag tag) => _alternatives.Any(bounds => Holds(bounds, tag.Version));

    /// <summary>The highest version within the range; tags that are no versions are skipped. Null when there is none.</summary>
    public VersionedTag? Best(IEnumerable<Tag> tags) => tags.Aggregate((VersionedTag?)null, (best, tag) => Higher(best, tag));

    /// <summary>The same of tags as they arrive, of which it keeps only the highest few, the highest first.</summary>
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

    private static bool Holds(IReadOnlyList<Comparator> bounds, SemanticVersion version) =>
        bounds.All(bound => bound.Allows(version)) && (!version.IsPrerelease || bounds.Any(bound => bound.NamesPreReleaseOf(version)));

    private VersionedTag? Higher(VersionedTag? best, Tag tag) =>
        VersionedTag.TryParse(tag, out var version) && Contains(version) && (best is null || version > best) ? version : best;
}
