using System.Security.Cryptography;

namespace IrisOperator.Training.Data;

/// <summary>A stream that is read once, forwards.</summary>
internal abstract class ForwardStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public abstract override int Read(Span<byte> buffer);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>All that is read goes into a sum, too.</summary>
internal sealed class SummedStream(Stream inner, IncrementalHash hash) : ForwardStream
{
    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        hash.AppendData(buffer[..read]);
        return read;
    }
}

/// <summary>A stream whose first bytes can be looked at before they are read.</summary>
internal sealed class ReplayedStream(Stream inner) : ForwardStream
{
    private byte[] _head = [];
    private int _position;

    /// <summary>The first bytes, fewer if there are no more. To be called before the first read.</summary>
    public ReadOnlySpan<byte> Head(int length)
    {
        if (length > _head.Length)
        {
            var longer = new byte[length];
            _head.CopyTo(longer, 0);
            var read = inner.ReadAtLeast(longer.AsSpan(_head.Length), length - _head.Length, throwOnEndOfStream: false);
            _head = longer[..(_head.Length + read)];
        }
        return _head.AsSpan(0, Math.Min(length, _head.Length));
    }

    public override int Read(Span<byte> buffer)
    {
        if (_position == _head.Length)
        {
            return inner.Read(buffer);
        }
        var taken = _head.AsSpan(_position, Math.Min(buffer.Length, _head.Length - _position));
        taken.CopyTo(buffer);
        _position += taken.Length;
        return taken.Length;
    }
}

/// <summary>What is wrong with packed data is wrong with the input.</summary>
internal sealed class UnpackedStream(string name, Stream inner) : ForwardStream
{
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return inner.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw InputException.OfDataset($"{name}: packed by gzip, and damaged or cut off ({e.Message.TrimEnd('.')})");
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }
        base.Dispose(disposing);
    }
}
