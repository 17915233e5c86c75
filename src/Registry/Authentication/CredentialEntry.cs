using IrisOperator.Registry.Wire;

namespace IrisOperator.Registry.Authentication;

/// <summary>One key of a docker configuration with what belongs to it.</summary>
/// <param name="Scheme">Null: whichever scheme the registry is used with.</param>
/// <param name="Host">Without a port: the scheme's own.</param>
/// <param name="Path">Empty, or the repositories it is for.</param>
/// <param name="Credential">Never printed.</param>
internal sealed record CredentialEntry(string? Scheme, RegistryHost Host, string Path, RegistryCredential Credential)
{
    public bool IsFor(RepositoryName repository, Origin origin) =>
        (Scheme is null || Scheme == origin.Scheme)
        && Origin.Of(Host, origin.IsPlain) == origin
        && (Path.Length == 0 || repository.Path == Path || repository.Path.StartsWith($"{Path}/", StringComparison.Ordinal));
}
