using System.Diagnostics.CodeAnalysis;

namespace IrisOperator.Operator.Children;

/// <summary>Checks of the images that models follow.</summary>
public static class ImageVersion
{
    public static bool IsDigest([NotNullWhen(true)] string? version) => version?.StartsWith("sha256:", StringComparison.Ordinal) == true;

    public static IEnumerable<FieldError> Check(string path, ModelImageSpec? image)
    {
        if (image is null)
        {
            yield break;
        }

        if (!RepositoryName.TryParse(image.Repository, out _, out var error))
        {
            yield return new($"{path}.repository", error);
        }

        if (Flaw(image.Version ?? "", exact: false) is { } flaw)
        {
            yield return new($"{path}.version", flaw);
        }

        if (image.Pin is not null && Flaw(image.Pin, exact: true) is { } pinned)
        {
            yield return new($"{path}.pin", pinned);
        }
    }

    /// <returns>What is wrong with a version; null for a valid one.</returns>
    public static string? Flaw(string version, bool exact)
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
