namespace IrisOperator.Operator.Images;

/// <summary>Looks things up in a registry.</summary>
public interface IImageSource
{
    /// <summary>One look at a repository, however many versions are asked for.</summary>
    /// <param name="repository">Registry and path.</param>
    /// <param name="versions">Ranges and exact versions, all valid.</param>
    /// <param name="known">Lineages by digest from earlier looks; they need not be read again.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <returns>For each of the versions what was found, or null where the repository has none that matches.</returns>
    /// <exception cref="ImageSourceException">Nothing was learned.</exception>
    public Task<IReadOnlyDictionary<string, FoundImage?>> LookAsync(
        string repository, IReadOnlyCollection<string> versions, IReadOnlyDictionary<string, FoundImage> known,
        CancellationToken cancellationToken);
}
