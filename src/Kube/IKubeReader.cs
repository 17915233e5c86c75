using IrisOperator.Kube.Models;

namespace IrisOperator.Kube;

/// <summary>Reads straight from the API server. What is read is newer than any cache.</summary>
public interface IKubeReader
{
    /// <returns>Null when the server answers 404.</returns>
    public Task<T?> GetAsync<T>(ObjectKey key, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T>;

    /// <summary>Any type's metadata without its content, for objects that may be large or secret.</summary>
    /// <returns>Null when the server answers 404.</returns>
    public Task<PartialObjectMetadata?> GetMetadataAsync<T>(ObjectKey key, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T>;

    /// <summary>Follows the continue tokens to the last page. All pages are of one resource version.</summary>
    /// <exception cref="KubeApiException">IsGone when the token expired between two pages: start again.</exception>
    public Task<KubeList<T>> ListAsync<T>(NamespaceScope scope, ListOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubeResource<T>;
}
