namespace IrisOperator.Kube;

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
        where T : class, IKubeResource<T>;
}
