using IrisOperator.Operator.Registries;

namespace IrisOperator.ApiServer.Tests.Operator;

/// <summary>A registry that has one version of everything.</summary>
internal sealed class OneVersion(FoundImage image) : IImageSource
{
    public Task<IReadOnlyDictionary<string, FoundImage?>> GetVersionsAsync(
        string repository,
        IReadOnlyCollection<string> versions,
        IReadOnlyDictionary<string, FoundImage> known,
        CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, FoundImage?>>(versions.ToDictionary(version => version, _ => (FoundImage?)image));
}
