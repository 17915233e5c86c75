using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace IrisOperator.Operator.Validation;

/// <summary>Turns an image of a spec into what a pod names, or says what is wrong with it.</summary>
public static partial class ExactImage
{
    /// <summary>Only for a spec that <see cref="Check"/> finds nothing wrong with.</summary>
    public static string Of(ImageSpec? image, string fallback) => image switch
    {
        null => fallback,
        _ when ImageVersion.IsDigest(image.Version) => $"{image.Repository}@{image.Version}",
        _ => $"{image.Repository}:{image.Version}",
    };

    public static IEnumerable<FieldError> Check(string path, ImageSpec? image) => image is null ? [] :
    [
        .. Checks.Field($"{path}.repository", Repository().IsMatch(image.Repository)
            ? null
            : $"\"{image.Repository}\" is not a registry and path without a tag, such as registry.example/iris-serving"),
        .. Checks.Field($"{path}.version", image.Version switch
        {
            null or "" => "is missing; name an exact version such as 1.2.3 or a digest, so that one can go back",
            "latest" =>
                "\"latest\" is refused, because it names another image tomorrow; name an exact version such as 1.2.3 or a digest",
            var version when Version().IsMatch(version) => null,
            var version => $"\"{version}\" is neither an exact semantic version such as 1.2.3 nor a digest sha256:<64 hex digits>; "
                + "ranges are not supported",
        }),
    ];

    [GeneratedRegex(@"^[a-z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?(:[0-9]{1,5})?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*$")]
    private static partial Regex Repository();

    // semver.org's grammar, without build metadata: a tag cannot hold a plus sign.
    [GeneratedRegex(@"^(sha256:[0-9a-f]{64}|v?(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?)$")]
    private static partial Regex Version();
}

/// <summary>Checks of the images that models follow.</summary>
public static class ImageVersion
{
    public static bool IsDigest([NotNullWhen(true)] string? version) => version?.StartsWith("sha256:", StringComparison.Ordinal) == true;

    public static IEnumerable<FieldError> Check(string path, ModelImageSpec? image) => image is null ? [] :
    [
        .. Checks.Field($"{path}.repository", RepositoryName.TryParse(image.Repository, out _, out var error) ? null : error),
        .. Checks.Field($"{path}.version", Validate(image.Version ?? "", exact: false)),
        .. Checks.Field($"{path}.pin", image.Pin is null ? null : Validate(image.Pin, exact: true)),
    ];

    /// <returns>What is wrong with a version; null for a valid one.</returns>
    public static string? Validate(string version, bool exact)
    {
        if (IsDigest(version))
        {
            return Digest.TryParse(version, out _) ? null : $"\"{version}\" is no digest: expected sha256:<64 hex digits>";
        }

        if (!VersionRange.TryParse(version, out var range, out var error))
        {
            return error;
        }

        return exact && !range.IsExact ? $"\"{version}\" is a range: expected an exact version such as 1.2.3, or a digest" : null;
    }
}
