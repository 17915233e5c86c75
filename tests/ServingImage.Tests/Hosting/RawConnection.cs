using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IrisOperator.ServingImage.Tests.Hosting;

/// <summary>One TCP connection and no cleverness: what is sent and when is up to the test.</summary>
public sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client = new() { NoDelay = true };
    private readonly List<byte> _received = [];
    private NetworkStream _stream = null!;

    private RawConnection()
    {
    }

    public static async Task<RawConnection> OpenAsync(int port, CancellationToken ct)
    {
        var connection = new RawConnection();
        await connection._client.ConnectAsync(IPAddress.Loopback, port, ct);
        connection._stream = connection._client.GetStream();
        return connection;
    }

    public static byte[] Request(string body, string headers = "") => Request(Encoding.UTF8.GetBytes(body), headers);

    public static byte[] Request(byte[] body, string headers = "")
    {
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"POST /api/predict HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n{headers}"
            + $"Content-Length: {body.Length}\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }

    public ValueTask SendAsync(string text, CancellationToken ct) => SendAsync(Encoding.UTF8.GetBytes(text), ct);

    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct) => await _stream.WriteAsync(bytes, ct);

    /// <summary>Null when the server closed the connection instead.</summary>
    public async Task<HttpAnswer?> ReadAnswerAsync(CancellationToken ct, bool withoutBody = false)
    {
        int end;
        while ((end = Find("\r\n\r\n"u8)) < 0)
        {
            if (!await ReceiveAsync(ct))
            {
                return _received.Count == 0 ? null : throw new IOException("the connection ended inside a header");
            }
        }
        var head = Encoding.ASCII.GetString([.. _received[..end]]);
        var answer = HttpAnswer.Parse(head, "");
        var length = withoutBody ? 0 : int.Parse(answer.Headers["Content-Length"], CultureInfo.InvariantCulture);
        while (_received.Count < end + 4 + length)
        {
            if (!await ReceiveAsync(ct))
            {
                throw new IOException("the connection ended inside a body");
            }
        }
        var body = Encoding.UTF8.GetString([.. _received[(end + 4)..(end + 4 + length)]]);
        _received.RemoveRange(0, end + 4 + length);
        return answer with { Body = body };
    }

    public void EndSending() => _client.Client.Shutdown(SocketShutdown.Send);

    /// <summary>Null also when the server reset the connection, as it may after half a request.</summary>
    public async Task<HttpAnswer?> ReadAnswerOrResetAsync(CancellationToken ct)
    {
        try
        {
            return await ReadAnswerAsync(ct);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<bool> ReceiveAsync(CancellationToken ct)
    {
        var buffer = new byte[64 * 1024];
        var count = await _stream.ReadAsync(buffer, ct);
        _received.AddRange(buffer.AsSpan(0, count));
        return count > 0;
    }

    private int Find(ReadOnlySpan<byte> text) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_received).IndexOf(text);
}
