using IrisOperator.Kube.Models;

namespace IrisOperator.Kube.Runtime.Leadership;

/// <summary>Reads pass; writes need an open gate. What reconcilers get, so that no write can be made past the election.</summary>
public sealed class GatedKubeClient(IKubeClient client, LeadershipGate gate) : IKubeClient
{
    public Task<T?> GetAsync<T>(ObjectKey key, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T> => client.GetAsync<T>(key, cancellationToken);

    public Task<PartialObjectMetadata?> GetMetadataAsync<T>(ObjectKey key, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T> => client.GetMetadataAsync<T>(key, cancellationToken);

    public Task<KubeList<T>> ListAsync<T>(NamespaceScope scope, ListOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T> => client.ListAsync<T>(scope, options, cancellationToken);

    public IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        NamespaceScope scope, WatchOptions options, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T> => client.WatchAsync<T>(scope, options, cancellationToken);

    public Task<T> CreateAsync<T>(T obj, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T> => Writer.CreateAsync(obj, cancellationToken);

    public Task<T> ApplyAsync<T>(T obj, ApplyOptions options, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T> => Writer.ApplyAsync(obj, options, cancellationToken);

    public Task<T> ApplyStatusAsync<T>(T obj, ApplyOptions options, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T> => Writer.ApplyStatusAsync(obj, options, cancellationToken);

    public Task<T> PatchAsync<T>(
        ObjectKey key, KubePatch patch, PatchOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T> => Writer.PatchAsync<T>(key, patch, options, cancellationToken);

    public Task<T> PatchStatusAsync<T>(
        ObjectKey key, KubePatch patch, PatchOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T> => Writer.PatchStatusAsync<T>(key, patch, options, cancellationToken);

    public Task<bool> DeleteAsync<T>(ObjectKey key, DeleteOptions options, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T> => Writer.DeleteAsync<T>(key, options, cancellationToken);

    private IKubeClient Writer
    {
        get
        {
            gate.ThrowIfClosed();
            return client;
        }
    }
}
