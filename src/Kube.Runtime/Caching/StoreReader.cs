namespace IrisOperator.Kube.Runtime.Caching;

/// <summary>Reads the cache of one type. Thread safe. Objects are immutable and shared.</summary>
/// <remarks>
/// Guarantees: a reader never sees half a relist; what it sees was true at the server at some time after process start.
/// Caveat: it lags behind; an object that this process has just written may be missing or old.
/// </remarks>
public abstract class StoreReader<T>
    where T : class, IKubeResource<T>
{
    private protected StoreReader()
    {
    }

    /// <summary>True once the first list is in.</summary>
    public abstract bool IsReady { get; }

    public abstract int Count { get; }

    public abstract T? Get(ObjectKey key);

    /// <summary>A snapshot, in no order.</summary>
    public abstract IReadOnlyList<T> List();

    /// <exception cref="KeyNotFoundException">There is no index of that name.</exception>
    public abstract IReadOnlyList<T> ByIndex(string index, string value);

    public abstract Task WaitUntilReadyAsync(CancellationToken cancellationToken);

    /// <summary>Calls back for each change after the store took it in: (null, new), (old, new), (old, null).</summary>
    public abstract void Subscribe(Action<T?, T?> onChange);
}
