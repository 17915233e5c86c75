using IrisOperator.Registry.Wire;

namespace IrisOperator.Registry.Images;

/// <summary>Segments read as one stream.</summary>
internal sealed class SegmentStream(IReadOnlyList<Segment> segments) : AsyncReadStream
{
    private int _index;
    private Stream? _current;
    private long _left;

    public override long Length => segments.Sum(segment => segment.Length);

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

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _current?.Dispose();
        }

        base.Dispose(disposing);
    }
}
