using System.Globalization;
using System.Net;

namespace IrisOperator.Registry.Wire;

/// <summary>Where the next step of an upload goes. Each answer names it anew.</summary>
/// <param name="Received">How many bytes the registry says it has; null when it does not say.</param>
/// <param name="MinChunk">The least that a chunk but the last must have (OCI-Chunk-Min-Length).</param>
internal sealed record UploadSession(string Target, long? Received, int MinChunk);

/// <summary>
/// Uploads as the distribution specification has it: POST opens a session, PATCH sends chunks, PUT with the digest closes it. After a
/// broken connection GET tells how much arrived, and the rest of that chunk is sent; a session that is lost starts over.
/// </summary>
/// <remarks>
/// Debian's registry (distribution 2.8) looks at no Content-Range and cancels a session whose length is not the one in its address, so
/// there every broken connection starts over. The digest in the PUT makes any mixture of the two safe.
/// </remarks>
internal sealed class BlobUploader(RegistrySender sender, RegistryTransport transport, RepositoryName repository)
{
    private const int LargestMinChunk = 64 << 20;

    /// <summary>Null when the registry linked the blob; else the session that it opened instead.</summary>
    public Task<UploadSession?> MountAsync(Digest digest, RepositoryName from, CancellationToken cancellationToken)
    {
        var request = RegistryRequests.Mount(repository, digest, from);
        return sender.SendAsync(
            request,
            (response, address) => response.StatusCode == HttpStatusCode.Created ? null : Session(request, response, address),
            cancellationToken);
    }

    public async Task UploadAsync(
        Descriptor blob, Func<CancellationToken, Task<Stream>> open, UploadSession? session, CancellationToken cancellationToken)
    {
        var mayBeStored = false;
        try
        {
            await transport.Retries.Uploads.ExecuteAsync(async token =>
            {
                if (mayBeStored && await sender.HasBlobAsync(repository, blob.Digest, token))
                {
                    return;
                }

                var opened = session ?? await StartAsync(token);
                session = null;
                try
                {
                    await using var content = await open(token);
                    var last = await SendAsync(blob, content, opened, token);
                    await StepAsync(RegistryRequests.FinishUpload(repository, last.Target, blob.Digest), token);
                }
                catch (RegistryException error) when (RegistryRetries.IsBroken(error))
                {
                    // The answer to the PUT was lost, perhaps after it was carried out.
                    mayBeStored = true;
                    throw new UploadLostException(error);
                }
            }, cancellationToken);
        }
        catch (UploadLostException lost)
        {
            throw lost.Cause;
        }
    }

    private async Task<UploadSession> SendAsync(Descriptor blob, Stream content, UploadSession session, CancellationToken cancellationToken)
    {
        var chunk = new byte[(int)Math.Min(blob.Size, Math.Max(transport.Options.UploadChunkBytes, session.MinChunk))];
        long start = 0;
        while (start < blob.Size)
        {
            var wanted = (int)Math.Min(chunk.Length, blob.Size - start);
            var length = await content.ReadAtLeastAsync(chunk.AsMemory(0, wanted), wanted, throwOnEndOfStream: false, cancellationToken);
            if (length < wanted)
            {
                throw Mismatch(blob);
            }

            session = await SendChunkAsync(session, start, chunk.AsMemory(0, length), cancellationToken);
            start += length;
        }

        // At its end, a stream from a registry has checked what it brought.
        return await content.ReadAsync(new byte[1], cancellationToken) == 0 ? session : throw Mismatch(blob);
    }

    private async Task<UploadSession> SendChunkAsync(
        UploadSession session, long start, ReadOnlyMemory<byte> chunk, CancellationToken cancellationToken)
    {
        var (sent, steps, isBroken) = (0, 0, false);
        return await transport.Retries.Chunks.ExecuteAsync(async token =>
        {
            while (isBroken || sent < chunk.Length)
            {
                var step = isBroken
                    ? RegistryRequests.UploadStatus(repository, session.Target)
                    : RegistryRequests.PatchUpload(repository, session.Target, start + sent, chunk[sent..]);
                var isStatus = isBroken;
                isBroken = true;
                session = await StepAsync(step, token);
                isBroken = false;
                var received = session.Received ?? (isStatus ? 0 : start + chunk.Length);
                if (received < start || received > start + chunk.Length || steps++ > transport.Options.MaxRetries + 1)
                {
                    throw new UploadLostException(new RegistryException(
                        RegistryProblem.InvalidAnswer,
                        $"upload to {repository}: the registry says it has {received} bytes, "
                        + "which were not sent or were acknowledged before"));
                }

                sent = (int)(received - start);
            }

            return session;
        }, cancellationToken);
    }

    private async Task<UploadSession> StartAsync(CancellationToken cancellationToken)
    {
        var session = await AskAsync(RegistryRequests.StartUpload(repository), cancellationToken);
        return session.MinChunk <= LargestMinChunk
            ? session
            : throw new RegistryException(
                RegistryProblem.Unsupported, $"upload to {repository}: the registry takes no chunks under {session.MinChunk} bytes");
    }

    private async Task<UploadSession> StepAsync(RegistryRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(request, cancellationToken);
        }
        catch (RegistryException error) when (error.Problem is RegistryProblem.NotFound or RegistryProblem.Rejected)
        {
            throw new UploadLostException(error);
        }
    }

    private Task<UploadSession> AskAsync(RegistryRequest request, CancellationToken cancellationToken) =>
        sender.SendAsync(request, (response, address) => Session(request, response, address), cancellationToken);

    private static UploadSession Session(RegistryRequest request, HttpResponseMessage response, Uri address)
    {
        // The answer to the PUT names the blob instead, and nothing is asked there.
        var location = response.Header("Location") ?? request.Target;
        var isLast = response.StatusCode == HttpStatusCode.Created;
        var target = isLast ? request.Target : RedirectRules.SameRegistry(request, address, location);
        _ = int.TryParse(response.Header("OCI-Chunk-Min-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out var minimum);
        return new UploadSession(target, Received(response.Header("Range")), minimum);
    }

    // "0-99" for a hundred bytes; "0-0" is what distribution says for none.
    private static long? Received(string? range)
    {
        var last = range?[(range.LastIndexOf('-') + 1)..];
        return long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var end) ? (end == 0 ? 0 : end + 1) : null;
    }

    private RegistryException Mismatch(Descriptor blob) =>
        new(RegistryProblem.DigestMismatch, $"upload to {repository}: the content of {blob.Digest} is not {blob.Size} bytes long");
}
