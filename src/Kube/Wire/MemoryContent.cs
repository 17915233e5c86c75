using System.Net;
using System.Net.Http.Headers;

namespace IrisOperator.Kube.Wire;

/// <summary>
/// A body that tells whether it has been sent whole. A server may answer before it read the body; HttpClient then returns while the
/// body is still being copied, and a buffer given back to the pool at that moment would send another request's bytes.
/// </summary>
internal sealed class MemoryContent : HttpContent
{
    private readonly ReadOnlyMemory<byte> _body;

    public MemoryContent(ReadOnlyMemory<byte> body, MediaTypeHeaderValue type)
    {
        _body = body;
        Headers.ContentType = type;
    }

    public bool IsSent { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        IsSent = false;
        await stream.WriteAsync(_body, cancellationToken);
        IsSent = true;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
