using System.Text.Json.Nodes;
using System.Collections.Concurrent;

namespace IrisOperator.ApiServer.Tests.Operator;

/// <summary>What befalls a write.</summary>
public enum Fault
{
    /// <summary>The process dies right before it sends the write.</summary>
    DiesBefore,

    /// <summary>The process dies right after the server answered.</summary>
    DiesAfter,

    /// <summary>The server did what was asked, the connection broke, and the process lives on.</summary>
    AnswerLost,
}

/// <summary>What befalls the n-th write of a process.</summary>
internal sealed record CrashPoint(int Write, Fault Fault);

/// <summary>
/// The client of one operator process: remembers its writes and may die or lose the answer at one of them. After a death nothing gets
/// through any more, as with a process that was killed. Events and leases are no part of the state that is compared, so they do not count.
/// </summary>
internal sealed class ObservedClient(IKubeClient inner, CrashPoint? crash = null) : IKubeClient
{
    private readonly TaskCompletionSource _died = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _writes;

    public ConcurrentQueue<string> Writes { get; } = [];

    public Task Died => _died.Task;

    /// <summary>Whether there were so many writes.</summary>
    public bool WasHit => Volatile.Read(ref _writes) >= crash?.Write;

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
        var fault = number == crash?.Write ? crash.Fault : (Fault?)null;
        if (fault == Fault.DiesBefore)
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
            if (fault == Fault.DiesAfter)
            {
                _died.TrySetResult();
            }
        }

        if (fault == Fault.AnswerLost)
        {
            throw new HttpRequestException("the answer was lost", new IOException("connection reset by peer"));
        }

        return await Alive(() => Task.FromResult(result));
    }

    private Task<TResult> Alive<TResult>(Func<Task<TResult>> send) =>
        _died.Task.IsCompleted ? Task.FromException<TResult>(new IOException("this process is dead")) : send();
}
