namespace IrisOperator.Registry.Wire;

/// <summary>
/// Reads an answer that may be long and must not be slow. The time that counts is the time spent waiting for the other side: a
/// consumer may pause as long as it likes.
/// </summary>
internal sealed class ProgressStream(Stream inner, ReadLimits limits, TimeProvider time, IDisposable owner) : AsyncReadStream
{
    private TimeSpan _waited;
    private TimeSpan _waitedInWindow;
    private long _inWindow;
    private long _total;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var left = TimeSpan.FromTicks(Math.Min((limits.Window - _waitedInWindow).Ticks, (limits.Total - _waited).Ticks));
        if (left <= TimeSpan.Zero)
        {
            throw TooSlow();
        }

        using var limit = new CancellationTokenSource(left, time);
        await using var _ = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit);
        var began = time.GetTimestamp();
        int read;
        try
        {
            read = await inner.ReadAsync(buffer, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw TooSlow();
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            throw new RegistryException(
                RegistryProblem.Unreachable, $"{limits.Asked}: the connection broke in the middle of the answer", error);
        }

        Count(read, time.GetElapsedTime(began));
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            owner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Count(int read, TimeSpan waited)
    {
        _total += read;
        _waited += waited;
        _waitedInWindow += waited;
        _inWindow += read;
        if (_total > limits.MaxBytes)
        {
            throw new RegistryException(RegistryProblem.TooLarge, $"{limits.Asked}: the answer has more than {limits.MaxBytes} bytes");
        }

        if (_inWindow >= limits.MinBytes)
        {
            (_inWindow, _waitedInWindow) = (0, TimeSpan.Zero);
        }
    }

    private RegistryException TooSlow() => new(
        RegistryProblem.TooSlow, $"{limits.Asked}: the answer comes too slowly ({_total} bytes in {_waited.TotalSeconds:0} s)");
}
