using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using IrisOperator.Registry.Versions;

namespace IrisOperator.Registry.Images;

/// <summary>Gives an image that is stored by digest its version, and never takes one from another image.</summary>
/// <remarks>
/// <para>Guarantees (docs/adr/0004 proves them). A registry has no compare-and-set: the last write of a tag counts. So a version is
/// written only after it was claimed under a tag of its own (<c>claim-1.0.7-…</c>), and the list then showed no other claim and no such
/// version. Of two that claim at the same time at most one goes on; the others go to other numbers, by the order of their digests. A claim
/// is removed after its version is there. Publishing the newest image of the series again changes nothing.</para>
/// <para>Assumptions. A tag that was written is in the next list, and all publishers use this class. After a push by other means, a
/// loss before the check after the write is found, a later one is not; so use the digest, which no push can change.</para>
/// <para>Caveats. A publisher that dies between claim and version leaves a claim, and its number is skipped. Where manifests cannot be
/// deleted, claims stay; those of a number that two wanted stay everywhere.</para>
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
    /// <exception cref="RegistryException">With <see cref="RegistryProblem.AlreadyExists"/> when others were faster ten times.</exception>
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

            // A publisher that sees only this number contested counts off; one that sees more came later and takes what is free.
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
        var config = await client.EnsureBlobAsync(image.Repository, MediaTypes.Config, _claimConfig, cancellationToken);
        var annotations = new JsonObject
        {
            [ImageAnnotation.Prefix + "claim"] = claim.Version,
            [ImageAnnotation.Prefix + "image"] = image.Manifest.Digest.ToString(),
        };
        var manifest = ImageDocuments.WriteManifest(
            MediaTypes.Manifest, new("config", ImageDocuments.WriteDescriptor(config)), new("layers", new JsonArray()),
            new("annotations", annotations));
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

/// <summary>A version that is ours. To use it, pin the digest: the tag is for people.</summary>
public sealed record PublishedImage(RepositoryName Repository, Tag Tag, Digest Digest);

/// <summary>What a repository's tags say about one series of versions.</summary>
internal sealed class SeriesState
{
    private readonly SortedSet<(BigInteger Patch, string Owner)> _claims = new(
        Comparer<(BigInteger Patch, string Owner)>.Create((x, y) =>
            x.Patch != y.Patch ? x.Patch.CompareTo(y.Patch) : string.CompareOrdinal(x.Owner, y.Owner)));

    /// <summary>The highest number that an image has; null where there is none.</summary>
    public BigInteger? Newest { get; private set; }

    /// <summary>The first number that nobody has or wants.</summary>
    public BigInteger Next => BigInteger.Max(Newest ?? -1, _claims.Count == 0 ? -1 : _claims.Max.Patch) + 1;

    public static async Task<SeriesState> ReadAsync(
        RegistryClient client, RepositoryName repository, VersionSeries series, CancellationToken cancellationToken)
    {
        var state = new SeriesState();
        await foreach (var tag in client.ListTagsOrNoneAsync(repository, cancellationToken))
        {
            if (series.PatchOf(tag) is { } patch)
            {
                state.Newest = BigInteger.Max(state.Newest ?? patch, patch);
            }
            else if (ClaimTag.TryParse(tag, out var claim) && Tag.TryParse(claim.Version, out var version)
                && series.PatchOf(version) is { } claimed)
            {
                state._claims.Add((claimed, claim.Owner));
            }
        }

        return state;
    }

    public bool HasClaim(BigInteger patch, string owner) => _claims.Contains((patch, owner));

    /// <summary>
    /// The numbers above all versions that an owner has claimed: what an earlier try left. Those below would not be the newest.
    /// </summary>
    public IEnumerable<BigInteger> OpenClaims(string owner) =>
        _claims.Where(claim => claim.Owner == owner && !(claim.Patch <= Newest)).Select(claim => claim.Patch);

    public int Claimants(BigInteger patch) => _claims.Count(claim => claim.Patch == patch);

    /// <summary>How many of a number's claimants come before this one.</summary>
    public int Rank(BigInteger patch, string owner) =>
        _claims.Count(claim => claim.Patch == patch && string.CompareOrdinal(claim.Owner, owner) < 0);
}

/// <summary>
/// The tag by which a publisher says that it wants a version: <c>claim-1.0.7-(32 hexadecimal digits of the image's digest)</c>. No two
/// images share one, so a claim is never overwritten; and it is no version, so no range takes it.
/// </summary>
internal sealed record ClaimTag(string Version, string Owner)
{
    private const string Prefix = "claim-";
    private const int OwnerLength = 32;

    public Tag Tag => Tag.Parse($"{Prefix}{Version}-{Owner}");

    public static ClaimTag For(Tag version, Digest image) => new(version.Text, image.Hex[..OwnerLength]);

    public bool IsFor(Digest image) => image.Hex.StartsWith(Owner, StringComparison.Ordinal);

    public static bool TryParse(Tag tag, [NotNullWhen(true)] out ClaimTag? claim)
    {
        var text = tag.Text;
        var dash = text.Length - OwnerLength - 1;
        claim = text.StartsWith(Prefix, StringComparison.Ordinal) && dash > Prefix.Length && text[dash] == '-'
            ? new ClaimTag(text[Prefix.Length..dash], text[(dash + 1)..])
            : null;
        return claim is not null;
    }
}
