using System.Globalization;

namespace IrisOperator.Registry.Wire;

/// <summary>Builds the requests of the OCI distribution specification 1.1. Pure: no I/O, no clock.</summary>
internal static class RegistryRequests
{
    public const string Binary = "application/octet-stream";

    /// <summary>Registries may give fewer; some, as Debian's, always give all.</summary>
    public const int TagPageSize = 1000;

    public static RegistryRequest ListTags(RepositoryName repository) =>
        new(HttpMethod.Get, repository, $"{Root(repository)}/tags/list?n={TagPageSize}", Pull(repository)) { Accept = "application/json" };

    public static RegistryRequest NextTags(RepositoryName repository, string target) => ListTags(repository) with { Target = target };

    public static RegistryRequest GetManifest(ImageReference image) =>
        new(HttpMethod.Get, image.Repository, Manifest(image), Pull(image.Repository)) { Accept = MediaTypes.Accepted };

    public static RegistryRequest HeadManifest(ImageReference image) => GetManifest(image) with { Method = HttpMethod.Head };

    public static RegistryRequest PutManifest(ImageReference image, Manifest manifest) =>
        new(HttpMethod.Put, image.Repository, Manifest(image), Push(image.Repository))
        {
            ContentType = manifest.MediaType,
            Body = manifest.Bytes,
        };

    public static RegistryRequest DeleteManifest(ImageReference image) =>
        new(HttpMethod.Delete, image.Repository, Manifest(image), $"repository:{image.Repository.Path}:delete");

    public static RegistryRequest GetBlob(RepositoryName repository, Digest digest) =>
        new(HttpMethod.Get, repository, $"{Root(repository)}/blobs/{digest}", Pull(repository));

    public static RegistryRequest HeadBlob(RepositoryName repository, Digest digest) =>
        GetBlob(repository, digest) with { Method = HttpMethod.Head };

    public static RegistryRequest StartUpload(RepositoryName repository) =>
        new(HttpMethod.Post, repository, $"{Root(repository)}/blobs/uploads/", Push(repository)) { Body = default(ReadOnlyMemory<byte>) };

    /// <summary>The registry needs to see that we may read the other repository too.</summary>
    public static RegistryRequest Mount(RepositoryName repository, Digest digest, RepositoryName from) => StartUpload(repository) with
    {
        Target = $"{Root(repository)}/blobs/uploads/?mount={Uri.EscapeDataString(digest.ToString())}"
            + $"&from={Uri.EscapeDataString(from.Path)}",
        Scope = $"{Push(repository)} {Pull(from)}",
    };

    /// <param name="repository">Of the upload.</param>
    /// <param name="session">The address of the upload, as the last answer gave it.</param>
    /// <param name="offset">Of the first byte.</param>
    /// <param name="chunk">At least one byte.</param>
    public static RegistryRequest PatchUpload(RepositoryName repository, string session, long offset, ReadOnlyMemory<byte> chunk) =>
        new(HttpMethod.Patch, repository, session, Push(repository))
        {
            ContentType = Binary,
            ContentRange = string.Create(CultureInfo.InvariantCulture, $"{offset}-{offset + chunk.Length - 1}"),
            Body = chunk,
            Repeatable = false,
        };

    public static RegistryRequest UploadStatus(RepositoryName repository, string session) =>
        new(HttpMethod.Get, repository, session, Push(repository));

    public static RegistryRequest FinishUpload(RepositoryName repository, string session, Digest digest) =>
        new(HttpMethod.Put, repository, $"{session}{Joint(session)}digest={Uri.EscapeDataString(digest.ToString())}", Push(repository))
        {
            ContentType = Binary,
            Body = default(ReadOnlyMemory<byte>),
            Repeatable = false,
        };

    public static RegistryRequest CancelUpload(RepositoryName repository, string session) =>
        new(HttpMethod.Delete, repository, session, Push(repository));

    private static char Joint(string session) => session.Contains('?', StringComparison.Ordinal) ? '&' : '?';

    private static string Root(RepositoryName repository) => $"/v2/{repository.Path}";

    private static string Manifest(ImageReference image) => $"{Root(image.Repository)}/manifests/{image.Selector}";

    private static string Pull(RepositoryName repository) => $"repository:{repository.Path}:pull";

    private static string Push(RepositoryName repository) => $"repository:{repository.Path}:pull,push";
}
