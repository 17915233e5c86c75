using System.Globalization;
using System.Text;

namespace IrisOperator.Operator.Hosting;

/// <summary>Reads one HTTP/1.1 request: a head of at most 8 KiB, and for POST a body of at most 256 KiB with its length given.</summary>
internal static class RequestReader
{
    private const int MaxHead = 8 << 10;
    private const int MaxBody = 256 << 10;

    /// <returns>Null for anything else. The whole request is read, else closing would reset the connection under the answer.</returns>
    public static async Task<HttpExchange?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxHead];
        var length = 0;
        int end;
        while ((end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            var read = length == buffer.Length ? 0 : await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
            {
                return null;
            }

            length += read;
        }

        var head = Encoding.ASCII.GetString(buffer, 0, end).Split("\r\n");
        if (head[0].Split(' ') is not [("GET" or "POST") and var method, var target, _])
        {
            return null;
        }

        var bodyLength = method == "GET" ? "0" : Header(head, "Content-Length");
        var body = await ReadBodyAsync(stream, bodyLength, buffer.AsMemory((end + 4)..length), cancellationToken);
        return body is null ? null : new HttpExchange(method, target.Split('?', 2)[0], Header(head, "Authorization"), body);
    }

    private static async Task<byte[]?> ReadBodyAsync(
        Stream stream, string? length, ReadOnlyMemory<byte> begun, CancellationToken cancellationToken)
    {
        if (!int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size > MaxBody || begun.Length > size)
        {
            return null;
        }

        var body = new byte[size];
        begun.CopyTo(body);
        await stream.ReadExactlyAsync(body.AsMemory(begun.Length), cancellationToken);
        return body;
    }

    private static string? Header(string[] head, string name) =>
        head.Skip(1).FirstOrDefault(line => line.StartsWith($"{name}:", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
}
