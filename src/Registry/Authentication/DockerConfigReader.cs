using System.Text;
using System.Text.Json;

namespace IrisOperator.Registry.Authentication;

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
        catch (JsonException)
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
        var decoded = Convert.TryFromBase64String(auth, bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length).TrimEnd('\0')
            : "";
        var colon = decoded.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            ? RegistryCredential.Password(decoded[..colon], decoded[(colon + 1)..])
            : throw new FormatException($"auths[{Quote(property.Name)}].auth: expected the base64 of user:password");
    }

    // "registry.example:5000", "https://registry.example/v2/", "https://index.docker.io/v1/", "registry.example/team".
    private static (string? Scheme, RegistryHost Host, string Path) Place(string key)
    {
        var rest = key;
        string? scheme = null;
        if (key.IndexOf("://", StringComparison.Ordinal) is > 0 and var end)
        {
            scheme = key[..end].ToLowerInvariant();
            rest = key[(end + 3)..];
        }

        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var path = slash < 0 ? "" : rest[(slash + 1)..].Trim('/');
        if (scheme is not (null or "http" or "https") || !RegistryHost.TryParse(slash < 0 ? rest : rest[..slash], out var host, out _))
        {
            throw new FormatException($"auths[{Quote(key)}]: expected a registry, such as registry.example:5000");
        }

        return (scheme, host, path is "v1" or "v2" ? "" : path);
    }

    private static string? Text(JsonProperty property, string member) =>
        property.Value.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
