namespace IrisOperator.Kube.Runtime.Caching;

/// <summary>The cache of one type. Reflectors write it; tests may too, to set a scene.</summary>
public sealed class Store<T> : StoreReader<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IReadOnlyDictionary<string, Func<T, IEnumerable<string>>> _indexers;
    private readonly List<Action<T?, T?>> _subscribers = [];
    private readonly Action<ObjectKey, Exception>? _subscriberFailed;
    private Content _content;

    public Store()
        : this(new Dictionary<string, Func<T, IEnumerable<string>>>())
    {
    }

    /// <param name="subscriberFailed">Told what a subscriber threw, after which the others are called; null throws it on.</param>
    public Store(
        IReadOnlyDictionary<string, Func<T, IEnumerable<string>>> indexers, Action<ObjectKey, Exception>? subscriberFailed = null)
    {
        _indexers = indexers;
        _subscriberFailed = subscriberFailed;
        _content = new Content(indexers, capacity: 0);
    }

    public override bool IsReady => _ready.Task.IsCompletedSuccessfully;

    public override int Count
    {
        get
        {
            lock (_gate)
            {
                return _content.Objects.Count;
            }
        }
    }

    public override T? Get(ObjectKey key)
    {
        lock (_gate)
        {
            return _content.Objects.GetValueOrDefault(key);
        }
    }

    public override IReadOnlyList<T> List()
    {
        lock (_gate)
        {
            return [.. _content.Objects.Values];
        }
    }

    public override IReadOnlyList<T> ByIndex(string index, string value)
    {
        lock (_gate)
        {
            return _content.Indexes[index].TryGetValue(value, out var found) ? [.. found.Values] : [];
        }
    }

    public override Task WaitUntilReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);

    /// <summary>Takes in a whole list at once: readers see the old content or the new. What vanished is told as deleted.</summary>
    /// <param name="objects">The newest state of every object.</param>
    /// <param name="kept">Keys that the list had but could not be decoded: their last known state stays.</param>
    public void Replace(IReadOnlyCollection<T> objects, IReadOnlyCollection<ObjectKey>? kept = null)
    {
        var next = new Content(_indexers, objects.Count);
        foreach (var obj in objects)
        {
            next.Set(obj);
        }

        Content previous;
        lock (_gate)
        {
            previous = _content;
            foreach (var key in kept ?? [])
            {
                if (previous.Objects.TryGetValue(key, out var last))
                {
                    next.Set(last);
                }
            }

            _content = next;
        }

        _ready.TrySetResult();
        TellDifference(previous, next);
    }

    /// <summary>Adds or changes one object.</summary>
    public void Apply(T obj)
    {
        T? before;
        lock (_gate)
        {
            before = _content.Set(obj);
        }

        if (before is null || before.Metadata.ResourceVersion is not { } version || version != obj.Metadata.ResourceVersion)
        {
            Tell(before, obj);
        }
    }

    /// <summary>Removing what is not there tells nobody: deletes may come twice.</summary>
    public void Delete(ObjectKey key)
    {
        T? before;
        lock (_gate)
        {
            before = _content.Remove(key);
        }

        if (before is not null)
        {
            Tell(before, null);
        }
    }

    public override void Subscribe(Action<T?, T?> onChange) => _subscribers.Add(onChange);

    private void TellDifference(Content previous, Content next)
    {
        if (_subscribers.Count == 0)
        {
            return;
        }

        foreach (var (key, obj) in next.Objects.ToArray())
        {
            var before = previous.Objects.GetValueOrDefault(key);
            if (before?.Metadata.ResourceVersion is not { } version || version != obj.Metadata.ResourceVersion)
            {
                Tell(before, obj);
            }
        }

        foreach (var (key, obj) in previous.Objects)
        {
            if (!next.Objects.ContainsKey(key))
            {
                Tell(obj, null);
            }
        }
    }

    private void Tell(T? before, T? after)
    {
        foreach (var subscriber in _subscribers)
        {
            try
            {
                subscriber(before, after);
            }
            catch (Exception error) when (_subscriberFailed is not null)
            {
                // The store has the change already, so no list would tell it again: neither to the others, nor the rest of this one.
                _subscriberFailed((after ?? before)!.Key(), error);
            }
        }
    }

    private sealed class Content
    {
        private readonly IReadOnlyDictionary<string, Func<T, IEnumerable<string>>> _indexers;

        public Content(IReadOnlyDictionary<string, Func<T, IEnumerable<string>>> indexers, int capacity)
        {
            _indexers = indexers;
            Objects = new Dictionary<ObjectKey, T>(capacity);
            foreach (var name in indexers.Keys)
            {
                Indexes[name] = [];
            }
        }

        public Dictionary<ObjectKey, T> Objects { get; }

        public Dictionary<string, Dictionary<string, Dictionary<ObjectKey, T>>> Indexes { get; } = [];

        public T? Set(T obj)
        {
            var key = obj.Key();
            var before = Remove(key);
            Objects[key] = obj;
            foreach (var (name, valuesOf) in _indexers)
            {
                foreach (var value in valuesOf(obj))
                {
                    if (!Indexes[name].TryGetValue(value, out var bucket))
                    {
                        Indexes[name][value] = bucket = [];
                    }

                    bucket[key] = obj;
                }
            }

            return before;
        }

        public T? Remove(ObjectKey key)
        {
            if (!Objects.Remove(key, out var before))
            {
                return null;
            }

            foreach (var (name, valuesOf) in _indexers)
            {
                foreach (var value in valuesOf(before))
                {
                    if (Indexes[name].TryGetValue(value, out var bucket) && bucket.Remove(key) && bucket.Count == 0)
                    {
                        Indexes[name].Remove(value);
                    }
                }
            }

            return before;
        }
    }
}

/// <summary>Reads the cache of one type. Thread safe. Objects are immutable and shared.</summary>
/// <remarks>
/// Guarantees: a reader never sees half a relist; what it sees was true at the server at some time after process start.
/// Caveat: it lags behind; an object that this process has just written may be missing or old.
/// </remarks>
public abstract class StoreReader<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
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
