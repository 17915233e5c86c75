namespace IrisOperator.Kube.Runtime.Caching;

/// <summary>One watch connection with a watchdog: when nothing comes for the idle limit, reading it fails.</summary>
/// <remarks>A connection that a balancer has dropped stays ESTABLISHED here for ever (kubernetes-client/csharp issue 533).</remarks>
internal sealed class WatchStream<T> : IAsyncDisposable
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly CancellationTokenSource _watchdog;
    private readonly CancellationTokenRegistration _stop;
    private readonly IAsyncEnumerator<WatchEvent<T>> _events;
    private readonly TimeSpan _idleLimit;
    private readonly long _openedAt;
    private readonly TimeProvider _time;

    public WatchStream(IAsyncEnumerable<WatchEvent<T>> events, TimeSpan idleLimit, TimeProvider time, CancellationToken stopping)
    {
        _idleLimit = idleLimit;
        _time = time;
        _openedAt = time.GetTimestamp();
        _watchdog = new CancellationTokenSource(idleLimit, time);
        _stop = stopping.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _watchdog);
        _events = events.GetAsyncEnumerator(_watchdog.Token);
    }

    public TimeSpan Age => _time.GetElapsedTime(_openedAt);

    /// <returns>Null at the end of the stream.</returns>
    /// <exception cref="TimeoutException">Nothing came for the idle limit.</exception>
    public async ValueTask<WatchEvent<T>?> ReadAsync(CancellationToken stopping)
    {
        try
        {
            _watchdog.CancelAfter(_idleLimit);
            return await _events.MoveNextAsync() ? _events.Current : null;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw new TimeoutException($"neither event nor bookmark for {_idleLimit.TotalSeconds} s");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _events.DisposeAsync();
        await _stop.DisposeAsync();
        _watchdog.Dispose();
    }
}
