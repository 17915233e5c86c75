using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace IrisOperator.Registry.Versions;

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
