namespace IrisOperator.Operator.Registries;

/// <summary>Resolves versions in a registry.</summary>
public interface IImageSource
{
    /// <summary>Asks a repository once, however many versions are wanted.</summary>
    /// <param name="versions">Ranges and exact versions, all valid.</param>
    /// <param name="known">Images by digest that were found before; their lineages need not be read again.</param>
    /// <returns>A view for each of the versions, without a problem; nothing is found where the repository has none that matches.</returns>
    /// <exception cref="ImageSourceException">Nothing was learned.</exception>
    public Task<IReadOnlyDictionary<string, ImageView>> GetVersionsAsync(
        string repository, IReadOnlyCollection<string> versions, IReadOnlyDictionary<string, FoundImage> known,
        CancellationToken cancellationToken);
}

/// <summary>What is asked of a registry: the highest version of a range, or an exact version.</summary>
public sealed record ImageSelection(string Repository, string Version);

/// <summary>What a selection came to.</summary>
/// <param name="Version">The tag; null where a digest was asked for.</param>
/// <param name="Digest">What the tag means: sha256:….</param>
/// <param name="Lineage">From the image's annotations; null when it has none of ours.</param>
public sealed record FoundImage(string? Version, string Digest, ImageLineage? Lineage = null);

/// <summary>What is known of a selection. What was found stays when a later request fails, so image and problem may both be set.</summary>
/// <param name="PassedOver">For a range: how many tags look like versions and are none, with one example; null for none.</param>
public sealed record ImageView(FoundImage? Found = null, Problem? Problem = null, string? PassedOver = null)
{
    /// <summary>The registry has answered, and has no such version (any more).</summary>
    public bool HasNoMatch { get; init; }

    /// <summary>The registry has not answered yet.</summary>
    public static ImageView Pending { get; } = new();
}

/// <summary>A registry could not be asked.</summary>
/// <param name="isTransient">True for what ends without anybody's doing, such as an outage.</param>
/// <param name="retryAfter">How long the registry wants to be left alone; null when it did not say.</param>
public sealed class ImageSourceException(Problem problem, bool isTransient, TimeSpan? retryAfter = null, Exception? cause = null)
    : Exception(problem.Message, cause)
{
    public Problem Problem { get; } = problem;

    public bool IsTransient { get; } = isTransient;

    public TimeSpan? RetryAfter { get; } = retryAfter;
}
