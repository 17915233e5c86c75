using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace IrisOperator.Testing;

/// <summary>
/// Runs a test and all that it starts on one thread, in order. Then "everything has happened that can happen without time passing" is
/// a fact and no guess: the queue is empty. A busy machine cannot make such a test fail.
/// </summary>
/// <remarks>Code under test stays on the thread as long as it awaits without ConfigureAwait(false) and starts no Task.Run.</remarks>
public sealed class SingleThread : SynchronizationContext, IDisposable
{
    private readonly BlockingCollection<(SendOrPostCallback Work, object? State)> _queue = [];
    private readonly Queue<TaskCompletionSource> _idle = new();
    private readonly AutoResetEvent _passed = new(false);

    public SingleThread() => new Thread(Loop) { IsBackground = true }.Start();

    /// <summary>First line of a test: <c>await _thread.EnterAsync();</c></summary>
    public Entrance EnterAsync() => new(this);

    /// <summary>Call on the thread: completes when nothing else is left to run.</summary>
    public Task IdleAsync()
    {
        var idle = new TaskCompletionSource();
        _idle.Enqueue(idle);
        return idle.Task;
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        // After the test: what it left running goes nowhere.
        if (!_queue.IsAddingCompleted)
        {
            _queue.Add((d, state));
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException();

    public override SynchronizationContext CreateCopy() => this;

    public void Dispose() => _queue.CompleteAdding();

    private void Loop()
    {
        SetSynchronizationContext(this);
        while (!_queue.IsCompleted)
        {
            if (_queue.TryTake(out var next))
            {
                next.Work(next.State);
            }
            else if (_idle.Count > 0 && IsQuiet())
            {
                _idle.Dequeue().SetResult();
            }
            else if (_queue.TryTake(out next, TimeSpan.FromSeconds(1)))
            {
                next.Work(next.State);
            }
        }
    }

    // A cancelled delay or channel read comes back by way of the thread pool: two rounds through it bring such work here first, unless
    // a busy machine has stopped the pool's thread in the middle of it. Other tests use the pool too, so the wait for it has an end.
    private bool IsQuiet()
    {
        for (var round = 0; round < 2 && _queue.Count == 0; round++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static passed => passed.Set(), _passed, preferLocal: false);
            _passed.WaitOne();
        }

        SpinWait.SpinUntil(() => _queue.Count > 0 || IsPoolIdle(), TimeSpan.FromMilliseconds(20));
        return _queue.Count == 0;
    }

    private static bool IsPoolIdle()
    {
        ThreadPool.GetMaxThreads(out var all, out _);
        ThreadPool.GetAvailableThreads(out var free, out _);
        return all == free && ThreadPool.PendingWorkItemCount == 0;
    }

    /// <summary>Awaiting it continues on the thread.</summary>
    public readonly struct Entrance(SingleThread thread) : INotifyCompletion
    {
        public bool IsCompleted => false;

        public Entrance GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => thread.Post(static action => ((Action)action!)(), continuation);
    }
}
