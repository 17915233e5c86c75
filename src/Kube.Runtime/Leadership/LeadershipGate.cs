using System.Text.Json.Nodes;

namespace IrisOperator.Kube.Runtime.Leadership;

/// <summary>
/// Answers whether a write may begin. Closes by itself when the lease was not renewed in time, whatever any task is doing.
/// </summary>
public sealed class LeadershipGate(TimeProvider time)
{
    private const long Closed = long.MinValue;
    private const long AlwaysOpen = long.MaxValue;
    private long _closesAt = Closed;

    /// <summary>
    /// True while the lease is ours for at least <see cref="LeaderElectionOptions.LeaseDuration"/> minus
    /// <see cref="LeaderElectionOptions.RenewDeadline"/> more, by the monotonic clock.
    /// </summary>
    public bool IsOpen => time.GetTimestamp() < Volatile.Read(ref _closesAt);

    internal void OpenForEver() => Volatile.Write(ref _closesAt, AlwaysOpen);

    internal void OpenUntil(long timestamp) => Volatile.Write(ref _closesAt, timestamp);

    internal void Close() => Volatile.Write(ref _closesAt, Closed);
}

/// <summary>A write was refused here, before it reached the network, because the lease may no longer be ours.</summary>
public sealed class NotLeadingException() : Exception("the lease is not held, or too close to its end, so nothing may be written");

/// <summary>Reads pass; writes need an open gate. What reconcilers get, so that no write can be made past the election.</summary>
public sealed class GatedKubeClient(IKubeClient client, LeadershipGate gate) : IKubeClient
{
    private IKubeClient Writer => gate.IsOpen ? client : throw new NotLeadingException();

    Task<T?> IKubeReader.GetAsync<T>(ObjectKey key, CancellationToken cancellationToken)
        where T : class => client.GetAsync<T>(key, cancellationToken);

    Task<PartialObjectMetadata?> IKubeReader.GetMetadataAsync<T>(ObjectKey key, CancellationToken cancellationToken) =>
        client.GetMetadataAsync<T>(key, cancellationToken);

    Task<KubeList<T>> IKubeReader.ListAsync<T>(NamespaceScope scope, ListOptions? options, CancellationToken cancellationToken) =>
        client.ListAsync<T>(scope, options, cancellationToken);

    IAsyncEnumerable<WatchEvent<T>> IKubeClient.WatchAsync<T>(
        NamespaceScope scope, WatchOptions options, CancellationToken cancellationToken) =>
        client.WatchAsync<T>(scope, options, cancellationToken);

    Task<T> IKubeWriter.CreateAsync<T>(T obj, CancellationToken cancellationToken) => Writer.CreateAsync(obj, cancellationToken);

    Task<T> IKubeWriter.ApplyAsync<T>(T obj, ApplyOptions options, CancellationToken cancellationToken) =>
        Writer.ApplyAsync(obj, options, cancellationToken);

    Task<T> IKubeWriter.PatchAsync<T>(ObjectKey key, JsonObject patch, PatchOptions? options, CancellationToken cancellationToken) =>
        Writer.PatchAsync<T>(key, patch, options, cancellationToken);

    Task<T> IKubeWriter.PatchStatusAsync<T>(ObjectKey key, JsonObject patch, PatchOptions? options, CancellationToken cancellationToken) =>
        Writer.PatchStatusAsync<T>(key, patch, options, cancellationToken);

    Task<bool> IKubeWriter.DeleteAsync<T>(ObjectKey key, DeleteOptions options, CancellationToken cancellationToken) =>
        Writer.DeleteAsync<T>(key, options, cancellationToken);
}
