using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
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

    /// <summary>The entry with the longest path that the repository lies under, as kubelet chooses it.</summary>
    internal RegistryCredential? Find(RepositoryName repository, Origin origin) => _entries
        .Where(entry => entry.IsFor(repository, origin))
        .MaxBy(entry => entry.Path.Length)?.Credential;
}

/// <summary>A user name with a password, or an identity token. No record: those print their members.</summary>
public sealed class RegistryCredential
{
    private RegistryCredential(AuthenticationHeaderValue? basic, string? identityToken) => (Basic, IdentityToken) = (basic, identityToken);

    internal AuthenticationHeaderValue? Basic { get; }

    /// <summary>OAuth's refresh token.</summary>
    internal string? IdentityToken { get; }

    public static RegistryCredential Password(string user, string password) =>
        new(new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))), null);

    public static RegistryCredential Identity(string token) => new(null, token);
}

/// <summary>One key of a docker configuration with what belongs to it.</summary>
/// <param name="Scheme">Null: whichever scheme the registry is used with.</param>
/// <param name="Path">Empty, or the repositories it is for.</param>
internal sealed record CredentialEntry(string? Scheme, RegistryHost Host, string Path, RegistryCredential Credential)
{
    public bool IsFor(RepositoryName repository, Origin origin) =>
        (Scheme is null || Scheme == origin.Scheme)
        && Origin.Of(Host, origin.IsPlain) == origin
        && (Path.Length == 0 || repository.Path == Path || repository.Path.StartsWith($"{Path}/", StringComparison.Ordinal));
}

/// <summary>Reads <c>{"auths":{"host":{"auth":"…"}}}</c>, the format of docker's config.json and of Kubernetes' pull secrets.</summary>
internal static class DockerConfigReader
{
    public static IReadOnlyList<CredentialEntry> Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8);
            using var document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("auths", out var auths) || auths.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException("expected a docker configuration: a JSON object with a member \"auths\"");
            }

            return [.. auths.EnumerateObject().Select(Entry).OfType<CredentialEntry>()];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Without the cause: its message may quote the text.
            throw new FormatException("expected a docker configuration, but this is no JSON");
        }
    }

    // Null for an entry that holds nothing, as docker leaves where a credential helper keeps the secret.
    private static CredentialEntry? Entry(JsonProperty property)
    {
        var (scheme, host, path) = Place(property.Name);
        if (property.Value.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"auths[{Quote(property.Name)}]: expected an object");
        }

        return Credential(property) is { } credential ? new CredentialEntry(scheme, host, path, credential) : null;
    }

    private static RegistryCredential? Credential(JsonProperty property)
    {
        if (Text(property, "identitytoken") is { Length: > 0 } identity)
        {
            return RegistryCredential.Identity(identity);
        }

        if (Text(property, "username") is { Length: > 0 } user && Text(property, "password") is { } password)
        {
            return RegistryCredential.Password(user, password);
        }

        if (Text(property, "auth") is not { Length: > 0 } auth)
        {
            return null;
        }

        var bytes = new byte[auth.Length];
        _ = Convert.TryFromBase64String(auth, bytes, out var length);
        return Encoding.UTF8.GetString(bytes, 0, length).TrimEnd('\0').Split(':', 2) is [{ Length: > 0 } name, var secret]
            ? RegistryCredential.Password(name, secret)
            : throw new FormatException($"auths[{Quote(property.Name)}].auth: expected the base64 of user:password");
    }

    // "registry.example:5000", "https://registry.example/v2/", "https://index.docker.io/v1/", "registry.example/team".
    private static (string? Scheme, RegistryHost Host, string Path) Place(string key)
    {
        var (scheme, rest) = key.Split("://", 2) is [var before, var after] ? (before.ToLowerInvariant(), after) : (null, key);
        var parts = rest.Split('/', 2);
        var path = parts.ElementAtOrDefault(1)?.Trim('/') ?? "";
        return (scheme is null or "http" or "https") && RegistryHost.TryParse(parts[0], out var host, out _)
            ? (scheme, host, path is "v1" or "v2" ? "" : path)
            : throw new FormatException($"auths[{Quote(key)}]: expected a registry, such as registry.example:5000");
    }

    private static string? Text(JsonProperty property, string member) =>
        property.Value.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
