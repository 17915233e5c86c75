namespace IrisOperator.Registry;

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
