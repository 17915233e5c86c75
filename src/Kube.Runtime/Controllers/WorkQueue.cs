using System.Threading.Channels;
using IrisOperator.Common;

namespace IrisOperator.Kube.Runtime.Controllers;

/// <summary>Keys that need work. A key waits once however often it is added, and is with one worker at a time.</summary>
/// <remarks>
/// Guarantees: a key added while a worker has it comes again after that worker is done; nothing is dropped; a failing key comes back
/// after at most 2 minutes plus jitter.
/// </remarks>
public sealed class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    // 0.2 spreads 10 s over 8 to 12 s.
    private const double Jitter = 0.2;

    // At most 2 minutes, so that no key sleeps through the end of an outage for longer; the number of tries has no limit.
    private static readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(2));
    private readonly Lock _gate = new();
    private readonly Channel<TKey> _ready = Channel.CreateUnbounded<TKey>();
    private readonly HashSet<TKey> _dirty = [];
    private readonly HashSet<TKey> _processing = [];
    private readonly Dictionary<TKey, long> _due = [];
    private readonly PriorityQueue<TKey, long> _delayed = new();
    private readonly Dictionary<TKey, Failures> _failures = [];
    private readonly TimeProvider _time;
    private readonly Func<double> _jitter;
    private readonly Action<int> _depthChanged;
    private readonly ITimer _timer;

    /// <param name="jitter">Numbers from 0 to below 1.</param>
    /// <param name="depthChanged">Told +1 and -1; null when nobody counts.</param>
    public WorkQueue(TimeProvider time, Func<double> jitter, Action<int>? depthChanged = null)
    {
        (_time, _jitter, _depthChanged) = (time, jitter, depthChanged ?? (_ => { }));
        _timer = time.CreateTimer(_ => MoveDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Keys that are ready and not with a worker.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _dirty.Count;
            }
        }
    }

    public void Add(TKey key)
    {
        lock (_gate)
        {
            AddLocked(key);
        }
    }

    /// <summary>Comes after the delay, or earlier when it is added. A later call replaces the time of an earlier one.</summary>
    /// <remarks>
    /// Only the latest requeue counts: each reconcile sees everything and says when the next one is due.
    /// </remarks>
    public void AddAfter(TKey key, TimeSpan delay)
    {
        lock (_gate)
        {
            ScheduleLocked(key, delay);
        }
    }

    /// <summary>Comes after the key's back-off.</summary>
    /// <returns>The delay.</returns>
    /// <remarks>
    /// Failures count by time: one that comes early, because an event woke the key during its back-off, does not lengthen it. Else a
    /// busy failing key would drive itself to the largest delay within seconds (kubernetes issue 132805).
    /// </remarks>
    public TimeSpan AddRateLimited(TKey key)
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            var failures = _failures.GetValueOrDefault(key);
            if (failures.Count == 0 || now >= failures.CountsFrom)
            {
                failures = failures with { Count = failures.Count + 1 };
            }

            var delay = _backoff.Delay(failures.Count - 1);
            _failures[key] = failures with { CountsFrom = now + ToTimestamp(delay * (1 - Jitter)) };
            delay *= 1 + (Jitter * ((2 * _jitter()) - 1));
            ScheduleLocked(key, delay);
            return delay;
        }
    }

    /// <summary>The key succeeded, or its object changed: back-off is reset.</summary>
    public void Forget(TKey key)
    {
        lock (_gate)
        {
            _failures.Remove(key);
        }
    }

    /// <summary>Waits for a key. Call <see cref="Done"/> with it, whatever happens.</summary>
    public async ValueTask<TKey> TakeAsync(CancellationToken cancellationToken)
    {
        var key = await _ready.Reader.ReadAsync(cancellationToken);
        lock (_gate)
        {
            _dirty.Remove(key);
            _processing.Add(key);
            _due.Remove(key);
        }

        _depthChanged(-1);
        return key;
    }

    public void Done(TKey key)
    {
        lock (_gate)
        {
            _processing.Remove(key);
            if (_dirty.Contains(key))
            {
                MakeReadyLocked(key);
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void AddLocked(TKey key)
    {
        if (_dirty.Add(key) && !_processing.Contains(key))
        {
            MakeReadyLocked(key);
        }
    }

    private void MakeReadyLocked(TKey key)
    {
        _ready.Writer.TryWrite(key);
        _depthChanged(1);
    }

    private void ScheduleLocked(TKey key, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            _due.Remove(key);
            AddLocked(key);
            return;
        }

        var due = _time.GetTimestamp() + ToTimestamp(delay);
        _due[key] = due;
        _delayed.Enqueue(key, due);
        DropLeftoversLocked();
        SetTimerLocked();
    }

    // Each pass plans a resync, so a busy key leaves an entry per pass behind.
    private void DropLeftoversLocked()
    {
        if (_delayed.Count > 64 + (2 * _due.Count))
        {
            _delayed.Clear();
            _delayed.EnqueueRange(_due.Select(entry => (entry.Key, entry.Value)));
        }
    }

    private void MoveDue()
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            while (_delayed.TryPeek(out var key, out var due) && due <= now)
            {
                _delayed.Dequeue();

                // An entry whose time was replaced or taken back is a leftover.
                if (_due.TryGetValue(key, out var valid) && valid == due)
                {
                    _due.Remove(key);
                    AddLocked(key);
                }
            }

            SetTimerLocked();
        }
    }

    private void SetTimerLocked()
    {
        if (_delayed.TryPeek(out _, out var due))
        {
            // Rounded up: a timer that fires a tick early would find nothing due and spin.
            var wait = _time.GetElapsedTime(_time.GetTimestamp(), due);
            _timer.Change(wait <= TimeSpan.Zero ? TimeSpan.Zero : wait + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }
    }

    private long ToTimestamp(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);

    private readonly record struct Failures(int Count, long CountsFrom);
}
