using System.Buffers;

namespace IrisOperator.Kube.Wire;

/// <summary>
/// Splits a stream at line feeds without copying a line more than once. What is left at the end is a line too: a truncated one.
/// </summary>
internal sealed class LineReader(Stream stream, int maxLine) : IAsyncDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(4096);
    private int _start;
    private int _end;
    private int _scanned;
    private bool _finished;

    /// <summary>Valid until the next move.</summary>
    public ReadOnlyMemory<byte> Current { get; private set; }

    /// <exception cref="InvalidDataException">A line is longer than the limit.</exception>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var feed = _buffer.AsSpan(_scanned, _end - _scanned).IndexOf((byte)'\n');
            if (feed >= 0 || (_finished && _start < _end))
            {
                var length = feed >= 0 ? _scanned + feed - _start : _end - _start;
                Current = _buffer.AsMemory(_start, length);
                _start = _scanned = Math.Min(_end, _start + length + 1);
                if (length > 0)
                {
                    return true;
                }

                continue;
            }

            if (_finished)
            {
                return false;
            }

            _scanned = _end;
            MakeRoom();
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            _finished = read == 0;
            _end += read;
        }
    }

    public ValueTask DisposeAsync()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        return default;
    }

    private void MakeRoom()
    {
        if (_start == _end)
        {
            _start = _end = _scanned = 0;
        }

        if (_end < _buffer.Length)
        {
            return;
        }

        if (_end - _start >= maxLine)
        {
            throw new InvalidDataException($"a watch line of more than {maxLine} bytes");
        }

        var target = _start > 0 ? _buffer : ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        Buffer.BlockCopy(_buffer, _start, target, 0, _end - _start);
        if (!ReferenceEquals(target, _buffer))
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = target;
        }

        (_start, _end, _scanned) = (0, _end - _start, _scanned - _start);
    }
}
