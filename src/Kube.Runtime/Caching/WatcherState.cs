namespace IrisOperator.Kube.Runtime.Caching;

/// <summary>
/// Where a watcher is. <c>Empty → Listed → Watching → Listed</c> is the normal round; every failure goes through <c>Waiting</c>.
/// </summary>
internal abstract record WatcherState<T>
    where T : class, IKubeResource<T>
{
    /// <summary>Nothing is known: list.</summary>
    public sealed record Empty : WatcherState<T>;

    /// <summary>Everything up to a version is known: connect.</summary>
    /// <param name="Version">Where to go on.</param>
    /// <param name="Confirmed">
    /// The version of the last list or event. After an error a watch goes on from here, not from a bookmark: a server that lost
    /// its memory must answer 410 rather than skip what lies between (KubeOps issue 793).
    /// </param>
    public sealed record Listed(string Version, string Confirmed) : WatcherState<T>;

    /// <summary>A connection delivers.</summary>
    public sealed record Watching(WatchStream<T> Stream, string Version, string Confirmed) : WatcherState<T>;

    /// <summary>Something failed: let time pass.</summary>
    public sealed record Waiting(TimeSpan Delay, WatcherState<T> Next) : WatcherState<T>;
}
