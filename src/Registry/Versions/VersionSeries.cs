using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace IrisOperator.Registry.Versions;

/// <summary>Where the next version of an image comes from: <c>1.0</c> makes 1.0.0, 1.0.1, 1.0.2 and so on.</summary>
public sealed record VersionSeries
{
    private VersionSeries(int major, int minor) => (Major, Minor) = (major, minor);

    public int Major { get; }

    public int Minor { get; }

    public static bool TryParse(
        [NotNullWhen(true)] string? text, [NotNullWhen(true)] out VersionSeries? series, [NotNullWhen(false)] out string? error)
    {
        series = text is { Length: <= 32 } && PartialVersion.Parse(text) is { Major: { } major, Minor: { } minor, Patch: null }
            && text.All(c => char.IsAsciiDigit(c) || c == '.')
            ? new VersionSeries(major, minor)
            : null;
        error = series is null ? $"{Quoted.Text(text)} is no series of versions: expected major.minor, such as 1.0" : null;
        return series is not null;
    }

    /// <exception cref="FormatException">The text is no series.</exception>
    public static VersionSeries Parse(string? text) =>
        TryParse(text, out var series, out var error) ? series : throw new FormatException(error);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");

    internal Tag At(int patch) => Tag.Parse(string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{patch}"));

    /// <summary>The third number, of releases and pre-releases alike; null for a tag of another series.</summary>
    internal int? PatchOf(Tag tag) =>
        VersionedTag.TryParse(tag, out var versioned) && versioned.Version.Major == Major && versioned.Version.Minor == Minor
            ? versioned.Version.Patch
            : null;
}
