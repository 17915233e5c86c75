using System.Text.Json.Nodes;
using System.Collections.Concurrent;

namespace IrisOperator.ApiServer.Tests.Operator;

/// <summary>When a process dies: right before it sends its n-th write, or right after the server answered it.</summary>
internal sealed record CrashPoint(int Write, bool IsAfter);

/// <summary>
/// The client of one operator process: remembers its writes and may die at one of them. After that nothing gets through any more, as
/// with a process that was killed. Events and leases are no part of the state that is compared, so they do not count.
/// </summary>
internal sealed class ObservedClient(IKubeClient inner, CrashPoint? crash = null) : IKubeClient
{
    private readonly TaskCompletionSource _died = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _writes;

    public ConcurrentQueue<string> Writes { get; } = [];

    public Task Died => _died.Task;

    public Task<T?> GetAsync<T>(ObjectKey key, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> => Alive(() => inner.GetAsync<T>(key, cancellationToken));

    public Task<PartialObjectMetadata?> GetMetadataAsync<T>(ObjectKey key, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> => Alive(() => inner.GetMetadataAsync<T>(key, cancellationToken));

    public Task<KubeList<T>> ListAsync<T>(NamespaceScope scope, ListOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> => Alive(() => inner.ListAsync<T>(scope, options, cancellationToken));

    public IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        NamespaceScope scope, WatchOptions options, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> => inner.WatchAsync<T>(scope, options, cancellationToken);

    public Task<T> CreateAsync<T>(T obj, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        WriteAsync<T, T>("create", obj.Metadata.Name, () => inner.CreateAsync(obj, cancellationToken));

    public Task<T> ApplyAsync<T>(T obj, ApplyOptions options, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        WriteAsync<T, T>("apply", obj.Metadata.Name, () => inner.ApplyAsync(obj, options, cancellationToken));

    public Task<T> PatchAsync<T>(
        ObjectKey key, JsonObject patch, PatchOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        WriteAsync<T, T>("patch", key.Name, () => inner.PatchAsync<T>(key, patch, options, cancellationToken));

    public Task<T> PatchStatusAsync<T>(
        ObjectKey key, JsonObject patch, PatchOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        WriteAsync<T, T>("status", key.Name, () => inner.PatchStatusAsync<T>(key, patch, options, cancellationToken));

    public Task<bool> DeleteAsync<T>(ObjectKey key, DeleteOptions options, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        WriteAsync<T, bool>("delete", key.Name, () => inner.DeleteAsync<T>(key, options, cancellationToken));

    private async Task<TResult> WriteAsync<T, TResult>(string verb, string? name, Func<Task<TResult>> send)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (Kind<T>.Definition.Kind is "Event" or "Lease")
        {
            return await Alive(send);
        }

        var number = Interlocked.Increment(ref _writes);
        if (number == crash?.Write && !crash.IsAfter)
        {
            _died.TrySetResult();
        }

        TResult result;
        try
        {
            result = await Alive(send);
            if (result is not false)
            {
                // A delete of what is gone already changes nothing.
                Writes.Enqueue($"{verb} {Kind<T>.Definition.Kind} {name}");
            }
        }
        finally
        {
            // A write that the server refused was answered too.
            if (number == crash?.Write)
            {
                _died.TrySetResult();
            }
        }

        return await Alive(() => Task.FromResult(result));
    }

    private Task<TResult> Alive<TResult>(Func<Task<TResult>> send) =>
        _died.Task.IsCompleted ? Task.FromException<TResult>(new IOException("this process is dead")) : send();
}
