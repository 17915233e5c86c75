using System.Text;
using System.Text.Json.Nodes;
using IrisOperator.Registry.Versions;

namespace IrisOperator.Registry.Images;

/// <summary>Gives an image that is stored by digest its version, and never takes one from another image.</summary>
/// <remarks>
/// <para>Guarantees. A registry has no compare-and-set: whoever writes a tag last has it. So nobody writes a version before it has claimed
/// it under a tag of its own (<c>claim-1.0.7-…</c>), listed the tags, and found no other claim for that version and no such version. Of two
/// that claim at the same time, the later to write its claim sees the other's, so at most one goes on; where both see both, neither does,
/// that number stays unused, and each goes to another number by the order of their digests. A claim is removed only after its version is
/// there, and the version is looked for after the list was read, so what vanished from the list is seen as a version. Publishing the
/// image that is the newest of the series changes nothing. One that was published before others gets another number, so that what was
/// published last is the newest; two versions are one digest then.</para>
/// <para>Assumptions. A tag that was written is in the next list, and everybody publishes by this class. Neither holds for somebody who
/// pushes the tag by hand, and a registry behind a cache may break the first. Then the check after the write finds a loss that happened
/// before it, and nothing finds one that happens later; so use the digest, which no push can change.</para>
/// <para>Caveats. A publisher that dies between claim and version leaves a claim; its number is skipped unless the same image is published
/// again before another. Where manifests cannot be deleted, claims stay; those of a number that two wanted stay everywhere, for
/// somebody who publishes the same image may be relying on one.</para>
/// </remarks>
public sealed class ImagePublisher(RegistryClient client)
{
    private const int MaxTries = 10;
    private static readonly byte[] _claimConfig = Encoding.UTF8.GetBytes(
        """{"architecture":"unknown","os":"unknown","rootfs":{"type":"layers","diff_ids":[]}}""");

    /// <summary>Tags the image as exactly this version.</summary>
    /// <exception cref="RegistryException">With <see cref="RegistryProblem.AlreadyExists"/> when the tag is another image's.</exception>
    public async Task<PublishedImage> PublishAsync(AppendedImage image, Tag version, CancellationToken cancellationToken = default)
    {
        var owner = await OwnerAsync(image.Repository, version, cancellationToken);
        if (owner is null)
        {
            await client.PutManifestAsync(image.Repository, image.Manifest, version, cancellationToken);
            owner = await OwnerAsync(image.Repository, version, cancellationToken);
        }

        return owner == image.Manifest.Digest
            ? new PublishedImage(image.Repository, version, image.Manifest.Digest)
            : throw new RegistryException(
                RegistryProblem.AlreadyExists,
                $"{image.Repository}:{version} is {owner?.ToString() ?? "gone"}, not {image.Manifest.Digest}; "
                + "a published version is never overwritten: choose another");
    }

    /// <summary>Tags the image as the next version of the series. Any number of publishers may do so at once; each gets its own.</summary>
    /// <exception cref="RegistryException">With <see cref="RegistryProblem.AlreadyExists"/> when others were faster ten times in a
    /// row.</exception>
    public async Task<PublishedImage> PublishNextAsync(
        AppendedImage image, VersionSeries series, CancellationToken cancellationToken = default)
    {
        var digest = image.Manifest.Digest;
        var owner = ClaimTag.For(series.At(0), digest).Owner;
        var state = await SeriesState.ReadAsync(client, image.Repository, series, cancellationToken);
        if (state.Newest is { } newest && await OwnerAsync(image.Repository, series.At(newest), cancellationToken) == digest)
        {
            return new PublishedImage(image.Repository, series.At(newest), digest);
        }

        var next = state.OpenClaims(owner).FirstOrDefault(patch => state.Claimants(patch) == 1, state.Next);
        for (var attempt = 0; attempt < MaxTries; attempt++)
        {
            var claim = ClaimTag.For(series.At(next), digest);
            var stored = await ClaimAsync(image, claim, cancellationToken);
            state = await SeriesState.ReadAsync(client, image.Repository, series, cancellationToken);
            if (!state.HasClaim(next, owner))
            {
                throw new RegistryException(
                    RegistryProblem.InvalidAnswer,
                    $"{image.Repository}: the registry does not list the tag {claim.Tag} that it has just stored, "
                    + "so no version can be claimed there");
            }

            if (state.Claimants(next) == 1 && await TryTakeAsync(image, series.At(next), cancellationToken))
            {
                await ReleaseAsync(image.Repository, stored, cancellationToken);
                return new PublishedImage(image.Repository, series.At(next), digest);
            }

            // Whoever sees only this number contested counts off; whoever sees more came later and takes what is free.
            next = state.Next == next + 1 ? state.Next + state.Rank(next, owner) : state.Next;
        }

        throw new RegistryException(
            RegistryProblem.AlreadyExists, $"{image.Repository}: {MaxTries} versions in a row went to other publishers; try again later");
    }

    private async Task<bool> TryTakeAsync(AppendedImage image, Tag version, CancellationToken cancellationToken)
    {
        try
        {
            await PublishAsync(image, version, cancellationToken);
            return true;
        }
        catch (RegistryException error) when (error.Problem == RegistryProblem.AlreadyExists)
        {
            return false;
        }
    }

    // A small image of its own, so that it can be deleted by its digest: Debian's registry, for one, deletes no tags.
    private async Task<Digest> ClaimAsync(AppendedImage image, ClaimTag claim, CancellationToken cancellationToken)
    {
        var config = new Descriptor(MediaTypes.Config, Digest.Of(_claimConfig), _claimConfig.Length);
        await client.EnsureBlobAsync(
            image.Repository, config, null, _ => Task.FromResult<Stream>(new MemoryStream(_claimConfig)), cancellationToken);
        var content = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.Manifest,
            ["config"] = ImageDocuments.WriteDescriptor(config),
            ["layers"] = new JsonArray(),
            ["annotations"] = new JsonObject
            {
                ["iris-operator.dev/claim"] = claim.Version,
                ["iris-operator.dev/image"] = image.Manifest.Digest.ToString(),
            },
        };
        var manifest = new Manifest(MediaTypes.Manifest, ImageDocuments.Write(content));
        await client.PutManifestAsync(image.Repository, manifest, claim.Tag, cancellationToken);
        return manifest.Digest;
    }

    private async Task ReleaseAsync(RepositoryName repository, Digest claim, CancellationToken cancellationToken)
    {
        try
        {
            await client.DeleteAsync(repository.With(claim), cancellationToken);
        }
        catch (RegistryException)
        {
            // The version is there, and that is what counts; a claim that stays is looked at and passed over.
        }
    }

    private async Task<Digest?> OwnerAsync(RepositoryName repository, Tag version, CancellationToken cancellationToken) =>
        (await client.HeadManifestAsync(repository.With(version), cancellationToken))?.Digest;
}
