using IrisOperator.Operator.Registries;

namespace IrisOperator.ApiServer.Tests.Operator;

/// <summary>For models without an image of their own, which never ask.</summary>
internal sealed class NoRegistry : IImageSource
{
    public Task<IReadOnlyDictionary<string, ImageView>> GetVersionsAsync(
        string repository,
        IReadOnlyCollection<string> versions,
        IReadOnlyDictionary<string, FoundImage> known,
        CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"{repository} was looked at, though no model here follows a registry");
}
