using System.Net;

namespace IrisOperator.Registry;

/// <summary>Whom to talk to, and how much and how long. The defaults suit an operator.</summary>
public sealed record RegistryOptions
{
    public IReadOnlyList<RegistryEndpoint> Registries { get; init; } = [];

    /// <summary>
    /// Services beside a registry's own host that its credentials may be sent to for a token. Docker Hub's needs no name. One that is
    /// accessed over plain HTTP is among <see cref="Registries"/>, too.
    /// </summary>
    public IReadOnlyList<RegistryEndpoint> TokenServices { get; init; } = [];

    /// <summary>True: registries that are not named are refused. Redirects may still lead to public addresses.</summary>
    public bool OnlyNamedRegistries { get; init; }

    /// <summary>The cluster's pod and service ranges, for example: refused like private addresses, except for named registries.</summary>
    public IReadOnlyList<IPNetwork> DeniedNetworks { get; init; } = [];

    /// <summary>PEM; for registries without a file of their own, beside the system's authorities.</summary>
    public string? CertificateAuthorityFile { get; init; }

    public string UserAgent { get; init; } = "iris-operator";

    /// <summary>From sending to the last byte of a small answer, or to the headers of a streamed one; retries not counted.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For all pages of a tag list together.</summary>
    public TimeSpan TagListTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>A blob, or a tag list, that brings less than <see cref="MinProgressBytes"/> in this time of waiting is given up.</summary>
    public TimeSpan ProgressWindow { get; init; } = TimeSpan.FromSeconds(30);

    public int MinProgressBytes { get; init; } = 64 << 10;

    /// <summary>The distribution specification asks registries to take 4 MiB.</summary>
    public int MaxManifestBytes { get; init; } = 4 << 20;

    /// <summary>For a blob that is read into memory, such as a config.</summary>
    public int MaxConfigBytes { get; init; } = 4 << 20;

    public int MaxTagPages { get; init; } = 1_000;

    public int MaxTags { get; init; } = 200_000;

    /// <summary>For all pages of a tag list together.</summary>
    public long MaxTagListBytes { get; init; } = 32 << 20;

    /// <summary>How much of a blob is sent at a time, kept in memory meanwhile, and sent again when the connection breaks.</summary>
    public int UploadChunkBytes { get; init; } = 4 << 20;

    /// <summary>After a failed connection, 429, 502, 503 or 504.</summary>
    public int MaxRetries { get; init; } = 3;

    /// <summary>A registry that asks for a longer pause is not asked again: the caller learns how long.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A source of numbers from 0 to below 1.</summary>
#pragma warning disable RS0030 // Injected from here on.
    public Func<double> Jitter { get; init; } = Random.Shared.NextDouble;
#pragma warning restore RS0030

    /// <summary>Name resolution. The addresses it returns are checked, and the connection is made to one of those and no other.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;
}

/// <summary>
/// A registry (or a store that registries redirect to) that the operator's administrator names. Only a named one may have a private or
/// loopback address.
/// </summary>
public sealed record RegistryEndpoint
{
    public required RegistryHost Host { get; init; }

    /// <summary>http instead of https; credentials then travel in the clear.</summary>
    public bool PlainHttp { get; init; }

    /// <summary>PEM; trusted beside the system's authorities. Read again when the file changes.</summary>
    public string? CertificateAuthorityFile { get; init; }
}
