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

    /// <summary>Patches the status sub-resource.</summary>
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

/// <summary>All pages of a list.</summary>
/// <param name="Items">In the server's order, which is by namespace and name but not promised.</param>
/// <param name="ResourceVersion">Where a watch continues without a gap.</param>
/// <param name="Invalid">Objects that could not be decoded; the others are unharmed.</param>
public sealed record KubeList<T>(IReadOnlyList<T> Items, string ResourceVersion, IReadOnlyList<InvalidObject> Invalid)
    where T : class;

/// <summary>An object of the right type that does not fit our model.</summary>
/// <param name="Key">Null, as the version, when not even its metadata could be read.</param>
/// <param name="Error">The path and the reason, without content.</param>
public sealed record InvalidObject(ObjectKey? Key, string? ResourceVersion, string Error);

/// <summary>One line of a watch.</summary>
public readonly record struct WatchEvent<T>
    where T : class
{
    public required WatchEventType Type { get; init; }

    /// <summary>Set for Added, Modified and Deleted; for Deleted it is the last state.</summary>
    public T? Object { get; init; }

    /// <summary>Where to resume after this event; null for Error and for an Invalid line without metadata.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Set for Error. Code 410 means that the resource version is too old: list again.</summary>
    public V1Status? Status { get; init; }

    /// <summary>Set for Invalid.</summary>
    public InvalidObject? Invalid { get; init; }
}

/// <summary>
/// Two are ours: Opened comes first, when the server has accepted the watch; Invalid is a line or an object that could not be decoded.
/// </summary>
public enum WatchEventType
{
    Opened,
    Added,
    Modified,
    Deleted,
    Bookmark,
    Error,
    Invalid,
}

/// <summary>The server's refusal. The message is the server's own, fit for a condition, prefixed with the request.</summary>
public sealed class KubeApiException(V1Status status, string? request = null, TimeSpan? retryAfter = null)
    : Exception($"{(request is null ? "" : $"{request}: {status.Code} ")}{status.Message ?? status.Reason ?? "no message"}")
{
    public V1Status Status => status;

    public int Code => Status.Code ?? 0;

    /// <summary>As the server asked in its last answer.</summary>
    public TimeSpan? RetryAfter => retryAfter;

    public bool IsBadRequest => Code == 400;

    public bool IsForbidden => Code == 403;

    /// <summary>A create in a namespace that is being deleted: there is nothing to do any more.</summary>
    public bool IsNamespaceTerminating =>
        IsForbidden && Status.Details?.Causes?.Any(cause => cause.Reason == "NamespaceTerminating") == true;

    public bool IsNotFound => Code == 404;

    /// <summary>A precondition or a field manager stands against it. False for a name that is taken, though that is a 409 too.</summary>
    public bool IsConflict => Code == 409 && Status.Reason != "AlreadyExists";

    public bool IsAlreadyExists => Code == 409 && Status.Reason == "AlreadyExists";

    /// <summary>The resource version or the continue token is too old. Both reasons occur: Expired and Gone.</summary>
    public bool IsGone => Code == 410;

    public bool IsInvalid => Code == 422;

    /// <summary>True where the same request may succeed later although nobody changes anything.</summary>
    public bool IsTransient => Code is 408 or 429 or >= 500;
}
