using IrisOperator.Operator.Registries;

namespace IrisOperator.ApiServer.Tests.Operator;

/// <summary>A registry in which every range means one image.</summary>
internal sealed class OneBase(string digest) : IImageSource
{
    private int _looks;

    public int Looks => Volatile.Read(ref _looks);

    public Task<IReadOnlyDictionary<string, ImageView>> GetVersionsAsync(
        string repository,
        IReadOnlyCollection<string> versions,
        IReadOnlyDictionary<string, FoundImage> known,
        CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _looks);
        return Task.FromResult<IReadOnlyDictionary<string, ImageView>>(
            versions.ToDictionary(version => version, _ => new ImageView(new FoundImage("1.0.1", digest))));
    }
}
