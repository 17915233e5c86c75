using System.Globalization;
using System.Net;

namespace IrisOperator.Registry.Wire;

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
    private const int MaxStarts = 3;
    private const int LargestMinChunk = 64 << 20;
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    private RegistryOptions Options => transport.Options;

    /// <summary>Null when the registry linked the blob; else the session that it opened instead, or opens now.</summary>
    public Task<UploadSession?> MountAsync(Digest digest, RepositoryName from, CancellationToken cancellationToken)
    {
        var request = RegistryRequests.Mount(repository, digest, from);
        return sender.SendAsync(
            request,
            (response, address, _) =>
            {
                using (response)
                {
                    return Task.FromResult(response.StatusCode == HttpStatusCode.Created ? null : Session(request, response, address));
                }
            },
            cancellationToken);
    }

    public async Task UploadAsync(
        Descriptor blob, Func<CancellationToken, Task<Stream>> open, UploadSession? session, CancellationToken cancellationToken)
    {
        for (var start = 1; ; start++)
        {
            session ??= await StartAsync(cancellationToken);
            try
            {
                await using var content = await open(cancellationToken);
                session = await SendAsync(blob, content, session, cancellationToken);
                await FinishAsync(blob.Digest, session, cancellationToken);
                return;
            }
            catch (UploadLostException lost) when (start < MaxStarts)
            {
                await PauseAsync(lost.Cause, start, cancellationToken);
            }
            catch (UploadLostException lost)
            {
                throw lost.Cause;
            }
            catch (RegistryException error) when (IsBroken(error) && start < MaxStarts)
            {
                // The answer to the PUT was lost, perhaps after it was carried out.
                await PauseAsync(error, start, cancellationToken);
                if (await sender.FoundAsync(RegistryRequests.HeadBlob(repository, blob.Digest), cancellationToken))
                {
                    return;
                }
            }

            session = null;
        }
    }

    private async Task<UploadSession> SendAsync(Descriptor blob, Stream content, UploadSession session, CancellationToken cancellationToken)
    {
        var chunk = new byte[(int)Math.Min(blob.Size, Math.Max(Options.UploadChunkBytes, session.MinChunk))];
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
        var sent = 0;
        for (var attempt = 0; sent < chunk.Length; attempt++)
        {
            try
            {
                session = await AskAsync(
                    RegistryRequests.PatchUpload(repository, session.Target, start + sent, chunk[sent..]), cancellationToken);
            }
            catch (RegistryException error) when (IsBroken(error) && attempt < Options.MaxRetries)
            {
                await PauseAsync(error, attempt, cancellationToken);
                session = await StatusAsync(session, cancellationToken);
            }
            catch (RegistryException error) when (error.Problem is RegistryProblem.NotFound or RegistryProblem.Rejected || IsBroken(error))
            {
                throw new UploadLostException(error);
            }

            var received = session.Received ?? (start + chunk.Length);
            if (received < start || received > start + chunk.Length || attempt > Options.MaxRetries + 1)
            {
                throw new UploadLostException(new RegistryException(
                    RegistryProblem.InvalidAnswer,
                    $"upload to {repository}: the registry says it has {received} bytes, which were not sent or were acknowledged before"));
            }

            sent = (int)(received - start);
        }

        return session;
    }

    private async Task FinishAsync(Digest digest, UploadSession session, CancellationToken cancellationToken)
    {
        try
        {
            await AskAsync(RegistryRequests.FinishUpload(repository, session.Target, digest), cancellationToken);
        }
        catch (RegistryException error) when (error.Problem is RegistryProblem.NotFound or RegistryProblem.Rejected)
        {
            throw new UploadLostException(error);
        }
    }

    private async Task<UploadSession> StatusAsync(UploadSession session, CancellationToken cancellationToken)
    {
        try
        {
            var now = await AskAsync(RegistryRequests.UploadStatus(repository, session.Target), cancellationToken);
            return now with { Received = now.Received ?? 0 };
        }
        catch (RegistryException error) when (error.Problem is RegistryProblem.NotFound or RegistryProblem.Rejected)
        {
            throw new UploadLostException(error);
        }
    }

    private async Task<UploadSession> StartAsync(CancellationToken cancellationToken)
    {
        var session = await AskAsync(RegistryRequests.StartUpload(repository), cancellationToken);
        return session.MinChunk <= LargestMinChunk
            ? session
            : throw new RegistryException(
                RegistryProblem.Unsupported, $"upload to {repository}: the registry takes no chunks under {session.MinChunk} bytes");
    }

    private Task<UploadSession> AskAsync(RegistryRequest request, CancellationToken cancellationToken) => sender.SendAsync(
        request,
        (response, address, _) =>
        {
            using (response)
            {
                return Task.FromResult(Session(request, response, address));
            }
        },
        cancellationToken);

    private static UploadSession Session(RegistryRequest request, HttpResponseMessage response, Uri address)
    {
        // The answer to the PUT names the blob instead, and nothing is asked there.
        var location = Value(response, "Location") ?? request.Target;
        var isLast = response.StatusCode == HttpStatusCode.Created;
        var target = isLast ? request.Target : RedirectRules.SameRegistry(request, address, location);
        var minimum = int.TryParse(
            Value(response, "OCI-Chunk-Min-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : 0;
        return new UploadSession(target, Received(Value(response, "Range")), minimum);
    }

    // "0-99" for a hundred bytes; "0-0" is what distribution says for none.
    private static long? Received(string? range)
    {
        var last = range?[(range.LastIndexOf('-') + 1)..];
        return long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var end) ? (end == 0 ? 0 : end + 1) : null;
    }

    private static string? Value(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values)
            ? values.FirstOrDefault()
            : null;

    private static bool IsBroken(RegistryException error) =>
        error.Problem is RegistryProblem.Unreachable or RegistryProblem.ServerError or RegistryProblem.TooSlow;

    private Task PauseAsync(RegistryException error, int attempt, CancellationToken cancellationToken)
    {
        var delay = error.RetryAfter ?? (_pause * (attempt + 1));
        var bounded = delay < Options.MaxRetryDelay ? delay : Options.MaxRetryDelay;
        return Task.Delay(bounded * (1 + (Options.Jitter() / 2)), transport.Time, cancellationToken);
    }

    private RegistryException Mismatch(Descriptor blob) =>
        new(RegistryProblem.DigestMismatch, $"upload to {repository}: the content of {blob.Digest} is not {blob.Size} bytes long");

    /// <summary>The session is of no use any more; another one may be.</summary>
    private sealed class UploadLostException(RegistryException cause) : Exception(cause.Message, cause)
    {
        public RegistryException Cause => cause;
    }
}
