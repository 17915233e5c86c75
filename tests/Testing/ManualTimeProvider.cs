namespace IrisOperator.Testing;

/// <summary>Time that moves when a test says so. Timers fire on the thread that advances, in the order of their due times.</summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(TimeSpan Atleast, TaskCompletionSource Reached)> _waiters = [];
    private TimeSpan _now;

    public DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Added to the wall clock only, to test what a step of it does.</summary>
    public TimeSpan WallClockError { get; set; }

    /// <summary>Since the beginning.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            lock (_gate)
            {
                return _now;
            }
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Elapsed.Ticks;

    public override DateTimeOffset GetUtcNow() => Start + Elapsed + WallClockError;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan span)
    {
        var end = Elapsed + span;
        while (TakeDue(end) is { } timer)
        {
            timer.Fire();
        }

        lock (_gate)
        {
            _now = end;
        }
    }

    /// <summary>Waits, in real time, until somebody has a timer that is due in at least this span from now.</summary>
    public Task TimerAsync(TimeSpan atLeast)
    {
        lock (_gate)
        {
            if (_timers.Any(timer => timer.Due - _now >= atLeast))
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((atLeast, reached));
            return reached.Task.WaitAsync(TimeSpan.FromSeconds(30), System);
        }
    }

    /// <summary>Advances by steps until something has happened; between two steps the work that a step caused gets its turn.</summary>
    /// <exception cref="TimeoutException">It has not happened after the limit of manual time.</exception>
    public async Task AdvanceUntilAsync(Func<bool> happened, TimeSpan step, TimeSpan limit)
    {
        var end = Elapsed + limit;
        while (!happened() && Elapsed < end)
        {
            Advance(step);
            await SettleAsync(happened);
        }

        // What a cancellation set off may still be on its way, on another thread.
        if (!happened())
        {
            await UntilAsync(happened);
        }
    }

    /// <summary>Lets everything run that can run without time passing. Exact on a <see cref="SingleThread"/>, else a guess.</summary>
    public static async Task SettleAsync(Func<bool>? happened = null)
    {
        if (SynchronizationContext.Current is SingleThread thread)
        {
            await thread.IdleAsync();
            return;
        }

        for (var idle = 0; idle < 20 && happened?.Invoke() != true; idle = ThreadPool.PendingWorkItemCount == 0 ? idle + 1 : 0)
        {
            await Task.Yield();
        }
    }

    /// <summary>Waits for something that needs no time to pass.</summary>
    public static async Task UntilAsync(Func<bool> happened)
    {
        var began = System.GetTimestamp();
        while (!happened())
        {
            if (System.GetElapsedTime(began) > TimeSpan.FromSeconds(60))
            {
                throw new TimeoutException("did not happen");
            }

            await SettleAsync(happened);
        }
    }

    private ManualTimer? TakeDue(TimeSpan until)
    {
        lock (_gate)
        {
            var next = _timers.MinBy(timer => timer.Due);
            if (next is null || next.Due > until)
            {
                return null;
            }

            _now = next.Due > _now ? next.Due : _now;
            if (next.Period > TimeSpan.Zero)
            {
                next.Due = _now + next.Period;
            }
            else
            {
                _timers.Remove(next);
            }

            return next;
        }
    }

    private void Schedule(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
            if (dueTime < TimeSpan.Zero)
            {
                return;
            }

            timer.Due = _now + dueTime;
            timer.Period = period;
            _timers.Add(timer);
            foreach (var waiter in _waiters.Where(waiter => dueTime >= waiter.Atleast).ToArray())
            {
                _waiters.Remove(waiter);
                waiter.Reached.TrySetResult();
            }
        }
    }

    private sealed class ManualTimer(ManualTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Due { get; set; }

        public TimeSpan Period { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            owner.Schedule(this, dueTime, period);
            return true;
        }

        public void Fire() => callback(state);

        public void Dispose() => owner.Schedule(this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
