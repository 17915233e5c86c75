using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IrisOperator.Registry.Wire;

namespace IrisOperator.Registry.Authentication;

/// <summary>Answers the registries' challenges and remembers the answers: tokens by scope until they expire.</summary>
internal sealed class Authenticator(RegistryTransport transport, RegistryCredentials credentials)
{
    private const int MaxTokenBytes = 64 << 10;
    private const int MaxRemembered = 1000;

    // A token that is about to end could end on its way.
    private static readonly TimeSpan _margin = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<(Origin Registry, string Scope), (AuthenticationHeaderValue Header, long Until)> _tokens = new();
    private readonly ConcurrentDictionary<Origin, bool> _basic = new();
    private readonly ConcurrentDictionary<Origin, Origin> _withheld = new();

    /// <summary>What the registry is known to accept, before it asks.</summary>
    public AuthenticationHeaderValue? Known(RegistryRequest request, Origin registry)
    {
        if (_tokens.TryGetValue((registry, request.Scope), out var token) && token.Until > transport.Time.GetTimestamp())
        {
            return token.Header;
        }

        return _basic.ContainsKey(registry) ? credentials.Find(request.Repository, registry)?.Basic : null;
    }

    /// <summary>What a refusal by the registry is perhaps due to: credentials that its token service did not get. Else empty.</summary>
    public string HintFor(Origin registry) => _withheld.TryGetValue(registry, out var service)
        ? $"; no credentials were sent to the token service {service}: it is not at the registry's own host, and the administrator has not "
            + "named it (registries.tokenServices of the chart, --token-service)"
        : "";

    /// <summary>What to send with the request instead; null when there is nothing else to try.</summary>
    /// <param name="refused">With the challenge.</param>
    /// <param name="sent">With the request that was refused.</param>
    public async Task<AuthenticationHeaderValue?> AnswerAsync(
        RegistryRequest request, Origin registry, HttpResponseMessage refused, AuthenticationHeaderValue? sent,
        CancellationToken cancellationToken)
    {
        _tokens.TryRemove((registry, request.Scope), out _);
        var credential = credentials.Find(request.Repository, registry);
        var challenge = Challenge.Read(refused.Headers.WwwAuthenticate);
        if (challenge is { IsBearer: true })
        {
            return await FetchTokenAsync(request, registry, challenge, credential, cancellationToken);
        }

        // The same again would be refused again.
        return challenge is not null && credential?.Basic is { } basic && !basic.Equals(sent) && (_basic[registry] = true) ? basic : null;
    }

    private async Task<AuthenticationHeaderValue> FetchTokenAsync(
        RegistryRequest request, Origin registry, Challenge challenge, RegistryCredential? credential, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(new Uri($"{registry}/"), challenge.Realm, out var realm) || challenge.Realm == ""
            || !transport.Endpoints.MayAsk(registry, realm))
        {
            var where = realm is null || challenge.Realm == "" ? "an address that cannot be read" : Origin.Of(realm).ToString();
            throw request.Error(
                RegistryProblem.RefusedRealm,
                $"the registry sends us for a token to {where}; that must be https without a user name, or plain http at a host that is "
                + "named so (registries.insecure of the chart, --insecure-registry)");
        }

        var isTrusted = credential is null || transport.Endpoints.MayTrust(registry, Origin.Of(realm));
        _withheld.TryRemove(registry, out _);
        if (!isTrusted)
        {
            _withheld[registry] = Origin.Of(realm);
        }

        using var message = Message(request, realm, challenge.Service, isTrusted ? credential : null);
        using var response = await transport.SendAsync(message, RegistryProblem.RefusedRealm, request.ToString(), cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw Refusal(request, realm, response.StatusCode, HintFor(registry));
        }

        var body = await response.ReadAsync(MaxTokenBytes, request.ToString(), cancellationToken);
        if (TokenAnswer.Read(body) is not var (token, life))
        {
            throw request.Error(RegistryProblem.InvalidAnswer, $"the token service {Origin.Of(realm)} answered without a token");
        }

        var header = new AuthenticationHeaderValue("Bearer", token);
        if (_tokens.Count >= MaxRemembered)
        {
            _tokens.Clear();
        }

        var until = transport.Time.GetTimestamp() + (long)((life - _margin).TotalSeconds * transport.Time.TimestampFrequency);
        _tokens[(registry, request.Scope)] = (header, until);
        return header;
    }

    // Our own scope, never the challenge's: a registry cannot make us ask for more than the request needs.
    private HttpRequestMessage Message(RegistryRequest request, Uri realm, string? service, RegistryCredential? credential)
    {
        if (credential?.IdentityToken is { } identity)
        {
            // As docker does it: OAuth 2 in the distribution project's "oauth" specification.
            return new HttpRequestMessage(HttpMethod.Post, realm)
            {
                Content = new FormUrlEncodedContent(
                [
                    new("grant_type", "refresh_token"), new("service", service ?? ""), new("client_id", transport.Options.UserAgent),
                    new("scope", request.Scope), new("refresh_token", identity),
                ]),
            };
        }

        string[] query =
        [
            realm.Query.TrimStart('?'), string.IsNullOrEmpty(service) ? "" : $"service={Uri.EscapeDataString(service)}",
            .. request.Scope.Split(' ').Select(scope => $"scope={Uri.EscapeDataString(scope)}"),
        ];
        var address = new UriBuilder(realm) { Query = string.Join('&', query.Where(part => part.Length > 0)), Fragment = "" };
        var message = new HttpRequestMessage(HttpMethod.Get, address.Uri);
        message.Headers.Authorization = credential?.Basic;
        return message;
    }

    private static RegistryException Refusal(RegistryRequest request, Uri realm, HttpStatusCode code, string hint)
    {
        var (problem, what) = (int)code switch
        {
            400 or 401 or 403 =>
                (RegistryProblem.Unauthorized, $"gives no token ({(int)code}); check the pull secret's user and password{hint}"),
            429 => (RegistryProblem.RateLimited, "is asked too often (429)"),
            >= 500 => (RegistryProblem.ServerError, $"fails ({(int)code})"),
            >= 300 and < 400 => (RegistryProblem.RefusedRealm, "redirects, which is not followed"),
            _ => (RegistryProblem.InvalidAnswer, $"answered {(int)code}"),
        };
        return request.Error(problem, $"the token service {Origin.Of(realm)} {what}");
    }
}

/// <summary>
/// What a registry wants to see: RFC 9110 WWW-Authenticate with the parameters of the distribution project's token specification.
/// </summary>
/// <param name="IsBearer">Else Basic, without the other two.</param>
/// <param name="Service">How the registry calls itself at the token service.</param>
internal sealed partial record Challenge(bool IsBearer, string? Realm, string? Service)
{
    /// <summary>Bearer before Basic; null where neither is offered.</summary>
    public static Challenge? Read(IEnumerable<AuthenticationHeaderValue> offered)
    {
        var schemes = offered.ToLookup(one => one.Scheme, StringComparer.OrdinalIgnoreCase);
        if (schemes["Bearer"].FirstOrDefault() is not { } bearer)
        {
            return schemes.Contains("Basic") ? new Challenge(false, null, null) : null;
        }

        var parameters = Parameter().Matches(bearer.Parameter ?? "").ToLookup(
            match => match.Groups[1].Value, match => match.Groups[2].Value + match.Groups[3].Value, StringComparer.OrdinalIgnoreCase);
        return new Challenge(true, parameters["realm"].LastOrDefault(), parameters["service"].LastOrDefault());
    }

    // name="quoted, with commas" or name=token, separated by commas.
    [GeneratedRegex("""([^\s=,"]+)\s*=\s*(?:"([^"]*)"?|([^\s,"]*))""")]
    private static partial Regex Parameter();
}

/// <summary>What a token service says.</summary>
internal static class TokenAnswer
{
    // The token specification: "if omitted, this defaults to 60 seconds".
    private static readonly TimeSpan _defaultLife = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _maxLife = TimeSpan.FromHours(1);

    /// <summary>Null for an answer without a token that can stand in a header.</summary>
    public static (string Token, TimeSpan Life)? Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var answer = JsonNode.Parse(utf8) as JsonObject;
            if ((Text(answer, "token") ?? Text(answer, "access_token")) is not { } token || !IsToken(token))
            {
                return null;
            }

            var seconds = answer!["expires_in"] is JsonValue given && given.TryGetValue<double>(out var value)
                ? value
                : _defaultLife.TotalSeconds;
            return (token, TimeSpan.FromSeconds(Math.Clamp(seconds, 0, _maxLife.TotalSeconds)));
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    // RFC 6750: b64token. A line break in it would begin another header.
    private static bool IsToken(string text) =>
        text.Length is > 0 and <= 16384 && text.All(c => char.IsAsciiLetterOrDigit(c) || "-._~+/=".Contains(c));

    private static string? Text(JsonObject? answer, string member) =>
        answer?[member] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;
}
