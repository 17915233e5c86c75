using IrisOperator.Operator.Registries;

namespace IrisOperator.ApiServer.Tests.Operator;

/// <summary>A registry that has one version of everything.</summary>
internal sealed class OneVersion(FoundImage image) : IImageSource
{
    public Task<IReadOnlyDictionary<string, ImageView>> GetVersionsAsync(
        string repository,
        IReadOnlyCollection<string> versions,
        IReadOnlyDictionary<string, FoundImage> known,
        CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, ImageView>>(versions.ToDictionary(version => version, _ => new ImageView(image)));
}
