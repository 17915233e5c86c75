using System.Buffers;

namespace IrisOperator.Registry.Wire;

/// <summary>Reads small answers whole.</summary>
internal static class BoundedReader
{
    /// <exception cref="RegistryException">The answer is longer than the limit.</exception>
    public static async Task<byte[]> ReadAsync(HttpResponseMessage response, int limit, string asked, CancellationToken cancellationToken)
    {
        var content = response.Content;
        if (content.Headers.ContentLength > limit)
        {
            throw TooLarge(asked, limit);
        }

        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var body = new ArrayBufferWriter<byte>((int)(content.Headers.ContentLength ?? 4096) + 1);
        int read;
        while ((read = await stream.ReadAsync(body.GetMemory(1), cancellationToken)) > 0)
        {
            body.Advance(read);
            if (body.WrittenCount > limit)
            {
                throw TooLarge(asked, limit);
            }
        }

        return body.WrittenSpan.ToArray();
    }

    /// <summary>The beginning of an error's body; what is longer says nothing more.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadStartAsync(
        HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var body = new byte[limit];
        var length = await stream.ReadAtLeastAsync(body, limit, throwOnEndOfStream: false, cancellationToken);
        return body.AsMemory(0, length);
    }

    private static RegistryException TooLarge(string asked, int limit) =>
        new(RegistryProblem.TooLarge, $"{asked}: the answer has more than {limit} bytes");
}
