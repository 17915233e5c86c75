using System.Buffers;
using System.Globalization;

namespace IrisOperator.ServingImage.Prediction;

/// <summary>
/// Bytes of an answer in the making. Lives as long as its connection; what exceeds a small answer goes back to the pool
/// with <see cref="Clear"/>.
/// </summary>
internal sealed class AnswerBuffer
{
    private const int LongestNumber = 32;

    private readonly byte[] _own = new byte[512];
    private byte[]? _rented;
    private int _count;

    public ReadOnlySpan<byte> Written => (_rented ?? _own).AsSpan(0, _count);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _count += bytes.Length;
    }

    public void Add(byte single)
    {
        Room(1)[0] = single;
        _count++;
    }

    /// <summary>The shortest decimal that reads back as the same double.</summary>
    public void Add(double value)
    {
        if (!value.TryFormat(Room(LongestNumber), out var written, default, CultureInfo.InvariantCulture))
        {
            throw new InvalidOperationException("a double took more room than the longest double");
        }
        _count += written;
    }

    public void Clear()
    {
        _count = 0;
        if (_rented is { } rented)
        {
            _rented = null;
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private Span<byte> Room(int length)
    {
        var array = _rented ?? _own;
        if (array.Length - _count < length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(array.Length * 2, _count + length));
            array.AsSpan(0, _count).CopyTo(larger);
            if (_rented is { } rented)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
            _rented = array = larger;
        }
        return array.AsSpan(_count);
    }
}
