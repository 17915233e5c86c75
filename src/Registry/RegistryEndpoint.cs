namespace IrisOperator.Registry;

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

    /// <summary>Token services beside the registry's own host and port that its credentials may be sent to.</summary>
    public IReadOnlyList<RegistryHost> TokenHosts { get; init; } = [];
}
