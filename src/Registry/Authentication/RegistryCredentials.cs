using IrisOperator.Registry.Wire;

namespace IrisOperator.Registry.Authentication;

/// <summary>Who we are to which registry. Each is bound to scheme, host and port and goes nowhere else.</summary>
public sealed class RegistryCredentials
{
    private readonly IReadOnlyList<CredentialEntry> _entries;

    private RegistryCredentials(IReadOnlyList<CredentialEntry> entries) => _entries = entries;

    public static RegistryCredentials None { get; } = new([]);

    public static RegistryCredentials For(RegistryHost registry, RegistryCredential credential) =>
        new([new CredentialEntry(null, registry, "", credential)]);

    /// <summary>Reads what <c>docker login</c> and <c>kubectl create secret docker-registry</c> write (<c>.dockerconfigjson</c>).</summary>
    /// <exception cref="FormatException">Not such a document. The message names the entry, never its content.</exception>
    public static RegistryCredentials FromDockerConfig(ReadOnlySpan<byte> utf8) => new(DockerConfigReader.Read(utf8));

    /// <summary>Where two have an entry for the same place, the first counts.</summary>
    public static RegistryCredentials Combine(params IEnumerable<RegistryCredentials> all) => new([.. all.SelectMany(one => one._entries)]);

    public override string ToString() => nameof(RegistryCredentials);

    /// <summary>The entry with the longest path that the repository lies under, as kubelet chooses it.</summary>
    internal RegistryCredential? Find(RepositoryName repository, Origin origin) => _entries
        .Where(entry => entry.IsFor(repository, origin))
        .MaxBy(entry => entry.Path.Length)?.Credential;
}
