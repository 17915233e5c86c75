using IrisOperator.Kube.Runtime.Controllers;
using IrisOperator.Testing;

namespace IrisOperator.Kube.Runtime.Tests.Controllers;

public sealed class WorkQueueTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly WorkQueue<string> _queue;
    private int _depth;

    public WorkQueueTests() => _queue = new WorkQueue<string>(_time, () => 0.5, change => _depth += change);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _queue.Dispose();

    [Fact]
    public async Task key_added_often_waits_once()
    {
        _queue.Add("a");
        _queue.Add("a");

        Assert.Equal("a", await _queue.TakeAsync(Stop));
        Assert.Equal(0, _queue.Count);
        Assert.Equal(0, _depth);
    }

    [Fact]
    public async Task key_is_with_one_worker_and_comes_again_when_it_changed_meanwhile()
    {
        _queue.Add("a");
        var key = await _queue.TakeAsync(Stop);
        _queue.Add("a");
        _queue.Add("b");

        Assert.Equal("b", await _queue.TakeAsync(Stop));
        var next = _queue.TakeAsync(Stop).AsTask();
        Assert.False(next.IsCompleted);
        _queue.Done(key);

        Assert.Equal("a", await next);
    }

    [Fact]
    public async Task done_without_a_change_does_not_bring_the_key_back()
    {
        _queue.Add("a");
        _queue.Done(await _queue.TakeAsync(Stop));

        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public async Task delayed_key_comes_in_time_and_once()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(10));

        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Equal(0, _queue.Count);
        _time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Equal("a", await _queue.TakeAsync(Stop));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public async Task last_wish_counts_and_an_early_pass_takes_it_back()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(10));
        _queue.AddAfter("a", TimeSpan.FromSeconds(30));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(0, _queue.Count);

        _queue.Add("a");
        _queue.Done(await _queue.TakeAsync(Stop));
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public async Task failing_key_is_never_dropped_and_never_waits_longer_than_two_minutes_and_jitter()
    {
        for (var i = 0; i < 100; i++)
        {
            var delay = _queue.AddRateLimited("a");
            Assert.True(delay <= TimeSpan.FromMinutes(2) * 1.2);
            _time.Advance(delay + TimeSpan.FromMilliseconds(2));
            Assert.Equal("a", await _queue.TakeAsync(Stop));
            _queue.Done("a");
        }
    }

    [Fact]
    public void failures_during_the_back_off_do_not_lengthen_it()
    {
        var first = _queue.AddRateLimited("a");
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(first, _queue.AddRateLimited("a"));
        }

        _time.Advance(first * 2);
        Assert.Equal(first * 2, _queue.AddRateLimited("a"));
    }

    [Fact]
    public void success_resets_the_back_off()
    {
        var first = _queue.AddRateLimited("a");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_queue.AddRateLimited("a") > first);

        _queue.Forget("a");

        Assert.Equal(first, _queue.AddRateLimited("a"));
    }

    [Fact]
    public async Task many_workers_never_hold_one_key_twice_and_lose_none()
    {
        var held = new int[50];
        var passes = 0;
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var queue = new WorkQueue<int>(TimeProvider.System, () => 0.5);
        var workers = Enumerable.Range(0, 8).Select(_ => Task.Run(
            async () =>
            {
                while (true)
                {
                    var key = await queue.TakeAsync(done.Token);
                    Assert.Equal(1, Interlocked.Increment(ref held[key]));
                    await Task.Yield();
                    Interlocked.Decrement(ref held[key]);
                    Interlocked.Increment(ref passes);
                    queue.Done(key);
                }
            },
            Stop)).ToArray();

        await Parallel.ForAsync(0, 20_000, Stop, (i, _) =>
        {
            queue.Add(i % 50);
            return default;
        });
        while (queue.Count > 0)
        {
            await Task.Yield();
        }

        await done.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(workers));
        Assert.True(passes >= 50);
    }
}
