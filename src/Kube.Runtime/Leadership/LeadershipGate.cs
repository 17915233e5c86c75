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

    public void ThrowIfClosed()
    {
        if (!IsOpen)
        {
            throw new NotLeadingException();
        }
    }

    internal void OpenForEver() => Volatile.Write(ref _closesAt, AlwaysOpen);

    internal void OpenUntil(long timestamp) => Volatile.Write(ref _closesAt, timestamp);

    internal void Close() => Volatile.Write(ref _closesAt, Closed);
}
