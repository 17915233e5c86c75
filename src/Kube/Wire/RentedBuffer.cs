using System.Buffers;

namespace IrisOperator.Kube.Wire;

/// <summary>Bytes on loan from the shared pool, with a size limit.</summary>
internal sealed class RentedBuffer(int limit, int initial = 4096) : IBufferWriter<byte>, IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(initial);
    private int _length;
    private bool _kept;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <exception cref="InvalidDataException">The stream is longer than the limit.</exception>
    public async Task FillAsync(Stream stream, CancellationToken cancellationToken)
    {
        int read;
        while ((read = await stream.ReadAsync(GetMemory(), cancellationToken)) > 0)
        {
            _length += read;
        }
    }

    /// <summary>For bytes that somebody may still be reading: left to the garbage collector.</summary>
    public void KeepFromPool() => _kept = true;

    public void Dispose()
    {
        if (!_kept && _bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = [];
    }

    private void Grow(int room)
    {
        if (_bytes.Length - _length >= room)
        {
            return;
        }

        if (_length + room > limit)
        {
            throw new InvalidDataException($"more than {limit} bytes");
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + room, Math.Min(limit, _bytes.Length * 2)));
        _bytes.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
