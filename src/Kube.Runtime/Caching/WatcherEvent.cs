namespace IrisOperator.Kube.Runtime.Caching;

/// <summary>One step of a watcher.</summary>
public readonly record struct WatcherEvent<T>
    where T : class, IKubeResource<T>
{
    public required WatcherEventType Type { get; init; }

    /// <summary>For Listed: everything there is, to be swapped in at once.</summary>
    public KubeList<T>? List { get; init; }

    /// <summary>For Applied and Deleted.</summary>
    public T? Object { get; init; }

    /// <summary>For Failed: why the watcher starts over.</summary>
    public WatcherFailure? Failure { get; init; }
}
