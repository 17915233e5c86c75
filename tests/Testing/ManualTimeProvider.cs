using Microsoft.Extensions.Time.Testing;

namespace IrisOperator.Testing;

/// <summary>Time that moves when a test says so, and what a test needs beside it to know that all work of an instant is done.</summary>
public sealed class ManualTimeProvider() : FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ITimer, TimeSpan> _due = [];
    private readonly List<(TimeSpan AtLeast, TaskCompletionSource Reached)> _waiters = [];

    /// <summary>Added to the wall clock only, to test what a step of it does.</summary>
    public TimeSpan WallClockError { get; set; }

    /// <summary>Since the beginning.</summary>
    public TimeSpan Elapsed => base.GetUtcNow() - Start;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + WallClockError;

    public override long GetTimestamp() => Elapsed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ObservedTimer(this, base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Waits, in real time, until a timer is due in at least this span from now.</summary>
    public Task TimerAsync(TimeSpan atLeast)
    {
        lock (_gate)
        {
            if (_due.Values.Any(due => due - Elapsed >= atLeast))
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

    private void Observe(ITimer timer, TimeSpan dueTime)
    {
        lock (_gate)
        {
            _due.Remove(timer);
            if (dueTime < TimeSpan.Zero)
            {
                return;
            }

            _due[timer] = Elapsed + dueTime;
            foreach (var waiter in _waiters.Where(waiter => dueTime >= waiter.AtLeast).ToArray())
            {
                _waiters.Remove(waiter);
                waiter.Reached.TrySetResult();
            }
        }
    }

    private sealed class ObservedTimer(ManualTimeProvider owner, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var changed = timer.Change(dueTime, period);
            owner.Observe(this, dueTime);
            return changed;
        }

        public void Dispose()
        {
            owner.Observe(this, Timeout.InfiniteTimeSpan);
            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            owner.Observe(this, Timeout.InfiniteTimeSpan);
            return timer.DisposeAsync();
        }
    }
}
