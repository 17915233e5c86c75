using System.Globalization;

namespace IrisOperator.Registry.Wire;

/// <summary>Builds the requests of the OCI distribution specification 1.1. Pure: no I/O, no clock.</summary>
internal static class RegistryRequests
{
    private const string Binary = "application/octet-stream";

    /// <summary>Registries may give fewer than a thousand a page; some, as Debian's, always give all.</summary>
    public static RegistryRequest ListTags(RepositoryName repository) =>
        new(HttpMethod.Get, repository, $"{Root(repository)}/tags/list?n=1000", Pull(repository)) { Accept = "application/json" };

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
        Target = $"{Root(repository)}/blobs/uploads/?mount={Escaped(digest)}&from={Uri.EscapeDataString(from.Path)}",
        Scope = $"{Push(repository)} {Pull(from)}",
    };

    /// <param name="session">The address of the upload, as the last answer gave it.</param>
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
        new(HttpMethod.Put, repository, $"{session}{(session.Contains('?') ? '&' : '?')}digest={Escaped(digest)}", Push(repository))
        {
            ContentType = Binary,
            Body = default(ReadOnlyMemory<byte>),
            Repeatable = false,
        };

    private static string Escaped(Digest digest) => Uri.EscapeDataString(digest.ToString());

    private static string Root(RepositoryName repository) => $"/v2/{repository.Path}";

    private static string Manifest(ImageReference image) => $"{Root(image.Repository)}/manifests/{image.Selector}";

    private static string Pull(RepositoryName repository) => $"repository:{repository.Path}:pull";

    private static string Push(RepositoryName repository) => $"repository:{repository.Path}:pull,push";
}

/// <summary>A request as a value: what is sent, before anything is sent.</summary>
/// <param name="Repository">Whose credentials are used.</param>
/// <param name="Target">Path and query, escaped; of an upload's next step and a list's next page, as the registry gave them.</param>
/// <param name="Scope">In the token service's language: <c>repository:path:pull</c>, several joined by a space.</param>
internal sealed record RegistryRequest(HttpMethod Method, RepositoryName Repository, string Target, string Scope)
{
    public string? Accept { get; init; }

    public string? ContentType { get; init; }

    public string? ContentRange { get; init; }

    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>False for a step of an upload that depends on where the upload stands.</summary>
    public bool Repeatable { get; init; } = true;

    /// <summary>For messages. Without the query, which in an upload's address can be a key.</summary>
    public override string ToString() =>
        $"{Method} {Repository.Registry}{Target.AsSpan(0, Target.IndexOf('?') is >= 0 and var query ? query : Target.Length)}";

    public RegistryException Error(RegistryProblem problem, string what, Exception? cause = null) => new(problem, $"{this}: {what}", cause);
}
