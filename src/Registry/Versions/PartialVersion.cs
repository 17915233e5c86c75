using System.Globalization;
using System.Text.RegularExpressions;
using NuGet.Versioning;

namespace IrisOperator.Registry.Versions;

/// <summary>A version with parts left open: <c>1</c>, <c>1.2</c>, <c>1.x</c>, <c>1.2.*</c>, or a whole one.</summary>
internal sealed partial record PartialVersion(int? Major, int? Minor, int? Patch, SemanticVersion Lowest)
{
    public bool IsWhole => Patch is not null;

    /// <summary>The first version above all that the open parts stand for.</summary>
    public SemanticVersion? Above => (Major, Minor) switch
    {
        (null, _) => null,
        ({ } major, null) => new SemanticVersion(major + 1, 0, 0),
        ({ } major, { } minor) => new SemanticVersion(major, minor + 1, 0),
    };

    /// <summary>Null for what is none.</summary>
    public static PartialVersion? Parse(string text)
    {
        var match = Shape().Match(text);
        if (!match.Success)
        {
            return null;
        }

        if (!TryNumber(match, "major", out var major) || !TryNumber(match, "minor", out var minor)
            || !TryNumber(match, "patch", out var patch)
            || (major is null && minor is not null) || (minor is null && patch is not null))
        {
            return null;
        }

        if (patch is not null)
        {
            return VersionedTag.TryParseVersion(text, out var whole) ? new PartialVersion(major, minor, patch, whole) : null;
        }

        return match.Groups["label"].Success
            ? null
            : new PartialVersion(major, minor, null, new SemanticVersion(major ?? 0, minor ?? 0, 0));
    }

    // Not found and x are both null; int.MaxValue would overflow in Above.
    private static bool TryNumber(Match match, string part, out int? number)
    {
        number = null;
        var text = match.Groups[part].Value;
        if (text is "" or "x" or "X" or "*")
        {
            return true;
        }

        number = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
        return number < int.MaxValue && (text is "0" || text[0] != '0');
    }

    [GeneratedRegex(
        @"^v?(?<major>\d+|[xX*])(?:\.(?<minor>\d+|[xX*])(?:\.(?<patch>\d+|[xX*])(?<label>-[0-9A-Za-z.-]+)?)?)?\z", RegexOptions.ECMAScript)]
    private static partial Regex Shape();
}
