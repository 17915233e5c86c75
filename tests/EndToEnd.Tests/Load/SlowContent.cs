using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace IrisOperator.EndToEnd.Tests.Load;

/// <summary>JSON that arrives in five pieces.</summary>
public sealed class SlowContent : HttpContent
{
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(50);

    private readonly byte[] _bytes;

    public SlowContent(string json)
    {
        _bytes = Encoding.UTF8.GetBytes(json);
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        foreach (var piece in _bytes.Chunk((_bytes.Length / 5) + 1))
        {
            await stream.WriteAsync(piece);
            await stream.FlushAsync();
            await Task.Delay(Gap, TimeProvider.System);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _bytes.Length;
        return true;
    }
}
