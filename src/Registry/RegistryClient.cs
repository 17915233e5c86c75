using IrisOperator.Registry.Authentication;
using IrisOperator.Registry.Wire;

namespace IrisOperator.Registry;

/// <summary>
/// Speaks the OCI distribution protocol with every registry that the transport may reach, as one user. Cheap: make one for each set of
/// credentials. All methods throw <see cref="RegistryException"/> and nothing else but what cancellation throws.
/// </summary>
public sealed class RegistryClient(RegistryTransport transport, RegistryCredentials credentials)
{
    private readonly RegistrySender _sender = new(transport, credentials);

    private RegistryOptions Options => transport.Options;

    /// <summary>
    /// All tags, in whatever order the registry has. They are handed on as they arrive, so ten thousand need no more memory than ten.
    /// A repository without any is <see cref="RegistryProblem.NotFound"/> with most registries.
    /// </summary>
    public IAsyncEnumerable<Tag> ListTagsAsync(RepositoryName repository, CancellationToken cancellationToken = default) =>
        new TagListing(_sender, transport, repository).ReadAsync(mustExist: true, cancellationToken);

    /// <summary>Lists tags; none where there is no repository.</summary>
    public IAsyncEnumerable<Tag> ListTagsOrNoneAsync(RepositoryName repository, CancellationToken cancellationToken = default) =>
        new TagListing(_sender, transport, repository).ReadAsync(mustExist: false, cancellationToken);

    /// <summary>Digest, type and size without the content; null when there is no such manifest.</summary>
    public async Task<Descriptor?> HeadManifestAsync(ImageReference image, CancellationToken cancellationToken = default)
    {
        var request = RegistryRequests.HeadManifest(image);
        try
        {
            if (await _sender.SendAsync(request, (response, _) => ManifestAnswers.Head(request, image, response), cancellationToken)
                is { } found)
            {
                return found;
            }
        }
        catch (RegistryException error) when (error.Problem is RegistryProblem.NotFound or RegistryProblem.Rejected)
        {
            // Some registries, and proxies before them, answer HEAD with 404 or 405 for a manifest that GET brings.
        }

        try
        {
            // The header is a "should" of the specification; the content always tells.
            return (await GetManifestAsync(image, cancellationToken)).Descriptor;
        }
        catch (RegistryException error) when (error.Problem == RegistryProblem.NotFound)
        {
            return null;
        }
    }

    /// <summary>A manifest or an index, verified against the digest in the reference and the one the registry names.</summary>
    public Task<Manifest> GetManifestAsync(ImageReference image, CancellationToken cancellationToken = default)
    {
        var request = RegistryRequests.GetManifest(image);
        return _sender.SendAsync(
            request,
            async (response, _, token) =>
            {
                using (response)
                {
                    var body = await response.ReadAsync(Options.MaxManifestBytes, request.ToString(), token);
                    return ManifestAnswers.Get(request, image, response, body);
                }
            },
            cancellationToken);
    }

    /// <summary>Stores a manifest by its digest, or under a tag, which then points to it whatever it pointed to before.</summary>
    public async Task PutManifestAsync(
        RepositoryName repository, Manifest manifest, Tag? tag = null, CancellationToken cancellationToken = default)
    {
        var request = RegistryRequests.PutManifest(tag is null ? repository.With(manifest.Digest) : repository.With(tag), manifest);
        var stored = await _sender.SendAsync(request, (response, _) => ManifestAnswers.DigestOf(request, response), cancellationToken);
        if (stored is not null && stored != manifest.Digest)
        {
            throw request.Error(RegistryProblem.DigestMismatch, $"the registry says it stored {stored} instead of {manifest.Digest}");
        }
    }

    /// <summary>
    /// Deletes a tag, or by digest a manifest with all its tags. False when there is none. Many registries have this switched off, and
    /// some do it for digests only: <see cref="RegistryProblem.Rejected"/>.
    /// </summary>
    public Task<bool> DeleteAsync(ImageReference image, CancellationToken cancellationToken = default) =>
        _sender.FoundAsync(RegistryRequests.DeleteManifest(image), cancellationToken);

    /// <summary>The content as a stream that fails at its end at the latest if it is not what the digest says. Dispose it.</summary>
    public Task<Stream> OpenBlobAsync(RepositoryName repository, Descriptor blob, CancellationToken cancellationToken = default)
    {
        var request = RegistryRequests.GetBlob(repository, blob.Digest);
        var limits = new ReadLimits(request.ToString(), blob.Size, Options.MinProgressBytes, Options.ProgressWindow, TimeSpan.MaxValue);
        return _sender.SendAsync<Stream>(
            request,
            async (response, _, token) =>
            {
                var body = await response.Content.ReadAsStreamAsync(token);
                return new AnswerStream(body, limits, transport.Time, response, blob);
            },
            cancellationToken);
    }

    /// <summary>A small blob, such as an image's config, whole and verified.</summary>
    public async Task<byte[]> ReadBlobAsync(RepositoryName repository, Descriptor blob, CancellationToken cancellationToken = default)
    {
        if (blob.Size < 0 || blob.Size > Options.MaxConfigBytes)
        {
            throw new RegistryException(
                RegistryProblem.TooLarge,
                $"{repository}: {blob.Digest} has {blob.Size} bytes; at most {Options.MaxConfigBytes} are read into memory");
        }

        await using var stream = await OpenBlobAsync(repository, blob, cancellationToken);
        var content = new byte[blob.Size];
        await stream.ReadExactlyAsync(content, cancellationToken);

        // The end is where the digest is checked.
        _ = await stream.ReadAsync(new byte[1], cancellationToken);
        return content;
    }

    /// <summary>
    /// Sees to it that the repository has the blob: looks whether it is there, has the registry link it from another repository of its
    /// own, and only then sends it, in chunks, going on after a broken connection where the registry says it stands.
    /// </summary>
    /// <param name="from">Another repository that has it; used when it is on the same registry.</param>
    /// <param name="open">The content from its beginning. Called again when an upload has to start over.</param>
    public async Task EnsureBlobAsync(
        RepositoryName repository, Descriptor blob, RepositoryName? from, Func<CancellationToken, Task<Stream>> open,
        CancellationToken cancellationToken = default)
    {
        if (await HasBlobAsync(repository, blob.Digest, cancellationToken))
        {
            return;
        }

        var uploader = new BlobUploader(_sender, transport, repository);
        UploadSession? session = null;
        if (from is not null && from.Registry == repository.Registry && from != repository)
        {
            session = await uploader.MountAsync(blob.Digest, from, cancellationToken);
            if (session is null)
            {
                return;
            }
        }

        await uploader.UploadAsync(blob, open, session, cancellationToken);
    }

    /// <summary>Uploads a small blob from memory, unless the repository has it.</summary>
    public async Task<Descriptor> EnsureBlobAsync(
        RepositoryName repository, string mediaType, byte[] content, CancellationToken cancellationToken = default)
    {
        var blob = new Descriptor(mediaType, Digest.Of(content), content.Length);
        await EnsureBlobAsync(repository, blob, null, _ => Task.FromResult<Stream>(new MemoryStream(content)), cancellationToken);
        return blob;
    }

    internal Task<bool> HasBlobAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken) =>
        _sender.HasBlobAsync(repository, digest, cancellationToken);
}
