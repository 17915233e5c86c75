using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
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

    /// <summary>
    /// Reads what <c>docker login</c> and <c>kubectl create secret docker-registry</c> write (<c>.dockerconfigjson</c>). An entry that
    /// cannot be used is passed over; hosts may be patterns, as Kubernetes has them.
    /// </summary>
    /// <exception cref="FormatException">
    /// Not such a document, or none of its entries can be used. The message names the entry, never its content.
    /// </exception>
    public static RegistryCredentials FromDockerConfig(ReadOnlySpan<byte> utf8) => new(DockerConfigReader.Read(utf8));

    /// <summary>
    /// The entry of the host itself before that of a pattern, then the one with the longest path that the repository lies under.
    /// </summary>
    internal RegistryCredential? Find(RepositoryName repository, Origin origin) => _entries
        .Where(entry => entry.IsFor(repository, origin))
        .MaxBy(entry => (entry.Pattern is null, entry.Path.Length, entry.Pattern?.Length))?.Credential;
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
/// <param name="Host">Null where there is a pattern.</param>
/// <param name="Path">Empty, or the repositories it is for.</param>
/// <param name="Pattern">Null for one host.</param>
internal sealed record CredentialEntry(
    string? Scheme, RegistryHost? Host, string Path, RegistryCredential Credential, HostPattern? Pattern = null)
{
    public bool IsFor(RepositoryName repository, Origin origin) =>
        (Scheme is null || Scheme == origin.Scheme)
        && (Host is not null ? Origin.Of(Host, origin.IsPlain) == origin : Pattern?.Matches(repository.Registry, origin) == true)
        && (Path.Length == 0 || repository.Path == Path || repository.Path.StartsWith($"{Path}/", StringComparison.Ordinal));
}

/// <summary>
/// Kubernetes' patterns for hosts in pull secrets: <c>*</c>, <c>?</c> and <c>[a-z]</c> stand for characters of one label, so the number
/// of labels is the same (<c>*.example</c> matches eu.example, and neither example nor a.eu.example). None in a port.
/// </summary>
internal sealed partial class HostPattern
{
    private readonly Regex _name;
    private readonly string? _port;

    private HostPattern(string name, string? port)
    {
        var text = Regex.Escape(name)
            .Replace(@"\*", "[^.]*", StringComparison.Ordinal).Replace(@"\?", "[^.]", StringComparison.Ordinal)
            .Replace(@"\[\^", "[^.", StringComparison.Ordinal).Replace(@"\[", "[", StringComparison.Ordinal);
        _name = new Regex($@"^{text}\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        (_port, Length) = (port, name.Length);
    }

    /// <summary>Of the host: the longer, the more special.</summary>
    public int Length { get; }

    public static HostPattern? TryParse(string text)
    {
        var match = Shape().Match(text.ToLowerInvariant());
        try
        {
            var port = match.Groups["port"];
            return match.Success ? new(match.Groups["name"].Value, port.Success ? port.Value : null) : null;
        }
        catch (ArgumentException)
        {
            // A class without end, as in [a-.example.
            return null;
        }
    }

    public bool Matches(RegistryHost host, Origin origin) =>
        (_port ?? (origin.IsPlain ? "80" : "443")) == origin.Port.ToString(CultureInfo.InvariantCulture) && _name.IsMatch(host.Name);

    [GeneratedRegex(@"^(?<name>(?=[^:]*[*?\[])[a-z0-9.*?\[\]^-]{1,255})(?::(?<port>[0-9]{1,5}))?\z")]
    private static partial Regex Shape();
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

            var (entries, flaws) = (new List<CredentialEntry>(), new List<FormatException>());
            foreach (var property in auths.EnumerateObject())
            {
                try
                {
                    entries.AddRange(Entry(property) is { } entry ? [entry] : []);
                }
                catch (FormatException flaw)
                {
                    flaws.Add(flaw);
                }
            }

            // One entry that cannot be used says nothing against the others; where there is no other, it is the cause to tell.
            return entries.Count == 0 && flaws.Count > 0 ? throw flaws[0] : entries;
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
        var (scheme, host, pattern, path) = Place(property.Name);
        if (property.Value.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"auths[{Quote(property.Name)}]: expected an object");
        }

        return Credential(property) is { } credential ? new CredentialEntry(scheme, host, path, credential, pattern) : null;
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

    // "registry.example:5000", "https://registry.example/v2/", "https://index.docker.io/v1/", "registry.example/team", "*.example".
    private static (string? Scheme, RegistryHost? Host, HostPattern? Pattern, string Path) Place(string key)
    {
        var (scheme, rest) = key.Split("://", 2) is [var before, var after] ? (before.ToLowerInvariant(), after) : (null, key);
        var parts = rest.Split('/', 2);
        var path = parts.ElementAtOrDefault(1)?.Trim('/') ?? "";
        path = path is "v1" or "v2" ? "" : path;
        return scheme is not (null or "http" or "https") ? throw Unusable(key)
            : RegistryHost.TryParse(parts[0], out var host, out _) ? (scheme, host, null, path)
            : HostPattern.TryParse(parts[0]) is { } pattern ? (scheme, null, pattern, path)
            : throw Unusable(key);
    }

    private static FormatException Unusable(string key) =>
        new($"auths[{Quote(key)}]: expected a registry, such as registry.example:5000 or *.registry.example");

    private static string? Text(JsonProperty property, string member) =>
        property.Value.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
