using System.Net;

namespace IrisOperator.Registry.Wire;

/// <summary>A body that tells after each slice that it got on, so that a time limit can hold without a limit of size.</summary>
internal sealed class SlicedContent : HttpContent
{
    private const int SliceBytes = 64 << 10;
    private readonly ReadOnlyMemory<byte> _body;
    private readonly Action _progressed;

    public SlicedContent(ReadOnlyMemory<byte> body, Action progressed)
    {
        (_body, _progressed) = (body, progressed);
        Headers.ContentLength = body.Length;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        for (var rest = _body; rest.Length > 0; rest = rest[Math.Min(SliceBytes, rest.Length)..])
        {
            await stream.WriteAsync(rest[..Math.Min(SliceBytes, rest.Length)], cancellationToken);
            _progressed();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
