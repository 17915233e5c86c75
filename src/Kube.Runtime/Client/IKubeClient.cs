using System.Text.Json.Nodes;

namespace IrisOperator.Kube.Runtime.Client;

/// <summary>Reads straight from the API server. What is read is newer than any cache.</summary>
public interface IKubeReader
{
    /// <returns>Null when the server answers 404.</returns>
    public Task<T?> GetAsync<T>(ObjectKey key, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Any type's metadata without its content, for objects that may be large or secret.</summary>
    /// <returns>Null when the server answers 404.</returns>
    public Task<PartialObjectMetadata?> GetMetadataAsync<T>(ObjectKey key, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Follows the continue tokens to the last page. All pages are of one resource version.</summary>
    /// <exception cref="KubeApiException">IsGone when the token expired between two pages: start again.</exception>
    public Task<KubeList<T>> ListAsync<T>(NamespaceScope scope, ListOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>;
}

/// <summary>
/// Writes to the API server. There is no replace (PUT): a server newer than the models has fields that they lack, and a PUT would erase
/// them. Apply objects whose fields we own; patch single fields of others.
/// </summary>
public interface IKubeWriter
{
    /// <exception cref="KubeApiException">IsAlreadyExists when the name is taken, even by an object that is being deleted.</exception>
    public Task<T> CreateAsync<T>(T obj, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Server-side apply: creates or changes; a field sent before and left out now is removed.</summary>
    /// <remarks>
    /// With <c>metadata.resourceVersion</c> set it fails on conflict; with <c>metadata.uid</c> set it cannot hit another incarnation.
    /// </remarks>
    public Task<T> ApplyAsync<T>(T obj, ApplyOptions options, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <param name="patch">A JSON merge patch (RFC 7386): null removes a field, a list replaces the whole list.</param>
    public Task<T> PatchAsync<T>(
        ObjectKey key, JsonObject patch, PatchOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>The same for the status sub-resource.</summary>
    public Task<T> PatchStatusAsync<T>(
        ObjectKey key, JsonObject patch, PatchOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <returns>False when the server answers 404: it is gone already.</returns>
    /// <exception cref="KubeApiException">IsConflict when a precondition does not hold.</exception>
    public Task<bool> DeleteAsync<T>(ObjectKey key, DeleteOptions options, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>;
}

/// <summary>The client as a whole. Thread safe; one is enough for a process.</summary>
public interface IKubeClient : IKubeReader, IKubeWriter
{
    /// <summary>
    /// One watch connection, without retry. It ends when the server closes it (regularly, after <see cref="WatchOptions.Timeout"/>),
    /// after an event of type <see cref="WatchEventType.Error"/>, or with an exception when the connection breaks.
    /// </summary>
    /// <remarks>Nothing is swallowed: what cannot be decoded is an event of type <see cref="WatchEventType.Invalid"/>.</remarks>
    public IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        NamespaceScope scope, WatchOptions options, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>;
}
