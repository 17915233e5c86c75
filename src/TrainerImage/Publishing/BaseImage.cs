using IrisOperator.Registry.Versions;

namespace IrisOperator.TrainerImage.Publishing;

/// <summary>The image that models are put on: one of a name, or the highest version within a range.</summary>
internal sealed record BaseImage(RepositoryName Repository, ImageReference? Exact, VersionRange? Range)
{
    /// <exception cref="FormatException">Says what was expected.</exception>
    public static BaseImage Parse(string image, string? range)
    {
        if (range is not null)
        {
            return new BaseImage(RepositoryName.Parse(image), null, VersionRange.Parse(range));
        }
        if (RepositoryName.TryParse(image, out _, out _))
        {
            throw new FormatException(
                $"\"{image}\" names no version: expected :tag or @sha256:… after the repository, or --base-version");
        }
        var exact = ImageReference.Parse(image);
        return exact is { Digest: null, Tag.Text: var tag } && tag.Equals("latest", StringComparison.OrdinalIgnoreCase)
            ? throw new FormatException("\"latest\" moves, and nobody could tell what a model was published on: name a version")
            : new BaseImage(exact.Repository, exact, null);
    }

    /// <summary>With its digest, so that nothing moves underneath while we work.</summary>
    /// <exception cref="RegistryException">With <see cref="RegistryProblem.NotFound"/> when there is none.</exception>
    public async Task<ImageReference> ResolveAsync(RegistryClient client, CancellationToken cancellationToken)
    {
        if (Range is not null)
        {
            return await VersionResolver.ResolveAsync(client, Repository, Range, cancellationToken)
                ?? throw NotFound($"{Repository} has no version within {Range}");
        }
        return Exact!.Digest is not null ? Exact
            : await client.HeadManifestAsync(Exact, cancellationToken) is { } manifest ? ImageReference.Parse($"{Exact}@{manifest.Digest}")
            : throw NotFound($"there is no {Exact}");
    }

    private static RegistryException NotFound(string what) => new(RegistryProblem.NotFound, $"--base: {what}");
}
