namespace IrisOperator.ServingImage.Overload;

/// <summary>
/// Lets a fixed number of predictions be computed at a time; as many again may wait. The rest is turned away at once:
/// a long queue only adds delay to work whose client has given up.
/// </summary>
/// <remarks>Health checks and metrics do not pass here. Waiting for the body of a request takes no place.</remarks>
internal sealed class ConcurrencyGate(int places) : IDisposable
{
    private readonly SemaphoreSlim _free = new(places, places);
    private int _waiting;

    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Takes a place if one is free now.</summary>
    public bool TryEnter() => _free.Wait(0, CancellationToken.None);

    /// <summary>Waits for a place in order of arrival.</summary>
    /// <returns>False if the queue is full, or when <paramref name="deadline"/> has passed.</returns>
    public async Task<bool> EnterAsync(TimeProvider clock, TimeSpan deadline)
    {
        if (Interlocked.Increment(ref _waiting) > places)
        {
            Interlocked.Decrement(ref _waiting);
            return false;
        }
        try
        {
            using var timeout = new CancellationTokenSource(deadline, clock);
            await _free.WaitAsync(timeout.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Leave() => _free.Release();

    public void Dispose() => _free.Dispose();
}
