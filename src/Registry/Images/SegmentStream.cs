namespace IrisOperator.Registry.Images;

/// <summary>Segments read as one stream.</summary>
internal sealed class SegmentStream(IReadOnlyList<Segment> segments) : Stream
{
    private int _index;
    private Stream? _current;
    private long _left;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => segments.Sum(segment => segment.Length);

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="InvalidDataException">A segment is shorter or longer than it was said to be.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_index < segments.Count && !buffer.IsEmpty)
        {
            var segment = segments[_index];
            if (_current is null)
            {
                (_current, _left) = (segment.Open(), segment.Length);
            }

            var read = await _current.ReadAsync(buffer, cancellationToken);
            _left -= read;
            if (_left < 0 || (read == 0 && _left > 0))
            {
                throw new InvalidDataException($"{segment.Name} is not {segment.Length} bytes long any more");
            }

            if (read > 0)
            {
                return read;
            }

            await _current.DisposeAsync();
            _current = null;
            _index++;
        }

        return 0;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("async only");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _current?.Dispose();
        }

        base.Dispose(disposing);
    }
}
