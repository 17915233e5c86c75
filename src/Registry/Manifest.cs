namespace IrisOperator.Registry;

/// <summary>A manifest or an index as the registry stores it. The bytes are those that <see cref="Digest"/> was checked against.</summary>
/// <param name="mediaType">One of <see cref="MediaTypes"/>.</param>
/// <param name="bytes">JSON; never changed afterwards.</param>
public sealed class Manifest(string mediaType, ReadOnlyMemory<byte> bytes)
{
    public string MediaType => mediaType;

    public ReadOnlyMemory<byte> Bytes => bytes;

    public Digest Digest { get; } = Digest.Of(bytes.Span);

    public bool IsIndex => MediaTypes.IsIndex(MediaType);

    public Descriptor Descriptor => new(MediaType, Digest, Bytes.Length);
}

/// <summary>What a manifest says of a piece of content. Addresses in <c>urls</c> are not read, and so never followed.</summary>
/// <param name="Size">In bytes, as stored.</param>
public sealed record Descriptor(string MediaType, Digest Digest, long Size);

/// <summary>OCI's names, and Docker's older ones for the same shapes (image-spec, media-types.md, "Compatibility Matrix").</summary>
public static class MediaTypes
{
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json";

    public const string Index = "application/vnd.oci.image.index.v1+json";

    public const string Config = "application/vnd.oci.image.config.v1+json";

    /// <summary>Uncompressed: gzip's bytes depend on the zlib and the processor that made them, a tar's do not.</summary>
    public const string TarLayer = "application/vnd.oci.image.layer.v1.tar";

    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    public const string DockerIndex = "application/vnd.docker.distribution.manifest.list.v2+json";

    internal const string Accepted = $"{Manifest}, {Index}, {DockerManifest}, {DockerIndex}";

    internal static bool IsManifest(string? type) => type is Manifest or DockerManifest;

    internal static bool IsIndex(string? type) => type is Index or DockerIndex;

    /// <summary>
    /// The OCI name of a layer's or config's type, whose bytes are the same. Null for what no registry keeps or we do not know.
    /// </summary>
    internal static string? ToOci(string? type) => type switch
    {
        Config or "application/vnd.docker.container.image.v1+json" => Config,
        TarLayer or "application/vnd.docker.image.rootfs.diff.tar" => TarLayer,
        TarLayer + "+gzip" or "application/vnd.docker.image.rootfs.diff.tar.gzip" => TarLayer + "+gzip",
        TarLayer + "+zstd" => type,
        _ => null,
    };
}
