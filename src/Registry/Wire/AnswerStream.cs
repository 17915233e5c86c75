using System.Security.Cryptography;

namespace IrisOperator.Registry.Wire;

/// <summary>What a streamed answer is held to. The time that counts is spent waiting for the other side: a consumer may pause.</summary>
/// <param name="MinBytes">To arrive in each <paramref name="Window"/> of waiting.</param>
/// <param name="Total">Of waiting, for the whole answer.</param>
internal sealed record ReadLimits(string Asked, long MaxBytes, int MinBytes, TimeSpan Window, TimeSpan Total);

/// <summary>
/// Reads an answer that may be long and must not be slow. Of a blob, length and digest are checked by the time its end is read; what was
/// read before that is not to be trusted yet.
/// </summary>
/// <param name="owner">Disposed with the stream.</param>
/// <param name="expected">Null for an answer that is no blob.</param>
internal sealed class AnswerStream(
    Stream inner, ReadLimits limits, TimeProvider time, IDisposable owner, Descriptor? expected = null) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private TimeSpan _waited;
    private TimeSpan _waitedInWindow;
    private long _inWindow;
    private long _total;
    private bool _isVerified;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => expected?.Size ?? throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || _isVerified)
        {
            return 0;
        }

        var left = TimeSpan.FromTicks(Math.Min((limits.Window - _waitedInWindow).Ticks, (limits.Total - _waited).Ticks));
        if (left <= TimeSpan.Zero)
        {
            throw TooSlow();
        }

        using var limit = new CancellationTokenSource(left, time);
        await using var _ = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit);
        var began = time.GetTimestamp();
        try
        {
            var read = await inner.ReadAsync(buffer, limit.Token);
            Count(read, time.GetElapsedTime(began));
            Verify(buffer.Span[..read]);
            return read;
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
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("async only");

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        owner.Dispose();
        _hash.Dispose();
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

    private void Verify(ReadOnlySpan<byte> read)
    {
        if (expected is null)
        {
            return;
        }

        _hash.AppendData(read);
        if (read.IsEmpty)
        {
            var actual = Digest.FromHash(_hash.GetHashAndReset());
            _isVerified = _total < expected.Size ? throw Mismatch($"it has only {_total} bytes instead of {expected.Size}")
                : actual == expected.Digest ? true : throw Mismatch($"its digest is {actual}");
        }
    }

    private RegistryException Mismatch(string how) => new(
        RegistryProblem.DigestMismatch,
        $"{limits.Asked}: the content is not {expected!.Digest}: {how}; the registry's storage is damaged or it lies");

    private RegistryException TooSlow() => new(
        RegistryProblem.TooSlow, $"{limits.Asked}: the answer comes too slowly ({_total} bytes in {_waited.TotalSeconds:0} s)");
}
