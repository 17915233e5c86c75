namespace IrisOperator.Testing;

/// <summary>
/// Time that passes only in pauses, and those at once. For tests whose registry is a real server: there, a clock that a test advances by
/// hand would run ahead of the network. Time limits, which are longer than any pause, never end.
/// </summary>
public sealed class SkippingTimeProvider : TimeProvider
{
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(20);
    private readonly Lock _gate = new();
    private readonly List<TimeSpan> _pauses = [];
    private TimeSpan _now;

    public IReadOnlyList<TimeSpan> Pauses
    {
        get
        {
            lock (_gate)
            {
                return [.. _pauses];
            }
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _now.Ticks;
        }
    }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + TimeSpan.FromTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(SkippingTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime < TimeSpan.Zero || dueTime > _longestPause)
            {
                return true;
            }

            lock (owner._gate)
            {
                owner._pauses.Add(dueTime);
                owner._now += dueTime;
            }

            ThreadPool.QueueUserWorkItem(_ => callback(state));
            return true;
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
