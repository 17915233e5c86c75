namespace IrisOperator.Kube;

/// <summary>
/// Writes to the API server. There is no replace (PUT): the models hold only the fields that we use, so a PUT would erase the others.
/// Apply objects whose fields we own; patch single fields of others.
/// </summary>
public interface IKubeWriter
{
    /// <exception cref="KubeApiException">IsAlreadyExists when the name is taken, even by an object that is being deleted.</exception>
    public Task<T> CreateAsync<T>(T obj, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T>;

    /// <summary>Server-side apply: creates or changes; a field sent before and left out now is removed.</summary>
    /// <remarks>
    /// With <c>metadata.resourceVersion</c> set it fails on conflict; with <c>metadata.uid</c> set it cannot hit another incarnation.
    /// </remarks>
    public Task<T> ApplyAsync<T>(T obj, ApplyOptions options, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T>;

    /// <summary>Server-side apply of the status sub-resource. Send metadata (name, namespace) and status only.</summary>
    /// <remarks>
    /// Before Kubernetes 1.22 the server keeps one set of fields per manager for object and status together, so use a manager
    /// name for the status that never applies the object itself, else each apply takes back the fields of the other.
    /// </remarks>
    public Task<T> ApplyStatusAsync<T>(T obj, ApplyOptions options, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T>;

    public Task<T> PatchAsync<T>(
        ObjectKey key, KubePatch patch, PatchOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T>;

    public Task<T> PatchStatusAsync<T>(
        ObjectKey key, KubePatch patch, PatchOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T>;

    /// <returns>False when the server answers 404: it is gone already.</returns>
    /// <exception cref="KubeApiException">IsConflict when a precondition does not hold.</exception>
    public Task<bool> DeleteAsync<T>(ObjectKey key, DeleteOptions options, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T>;
}
