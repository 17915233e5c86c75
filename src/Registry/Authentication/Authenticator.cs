using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using IrisOperator.Registry.Wire;

namespace IrisOperator.Registry.Authentication;

/// <summary>Answers the registries' challenges and remembers the answers: tokens by scope until they expire.</summary>
internal sealed class Authenticator(RegistryTransport transport, RegistryCredentials credentials, TimeProvider time)
{
    private const int MaxTokenBytes = 64 << 10;
    private const int MaxRemembered = 1000;

    // A token that is about to end could end on its way.
    private static readonly TimeSpan _margin = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<(Origin Registry, string Scope), (AuthenticationHeaderValue Header, long Until)> _tokens = new();
    private readonly ConcurrentDictionary<Origin, bool> _basic = new();

    /// <summary>What the registry is known to accept, before it asks.</summary>
    public AuthenticationHeaderValue? Known(RegistryRequest request, Origin registry)
    {
        if (_tokens.TryGetValue((registry, request.Scope), out var token) && token.Until > time.GetTimestamp())
        {
            return token.Header;
        }

        return _basic.ContainsKey(registry) ? credentials.Find(request.Repository, registry)?.Basic : null;
    }

    /// <summary>What to send with the request instead; null when there is nothing else to try.</summary>
    /// <param name="request">What was refused.</param>
    /// <param name="registry">Who refused it.</param>
    /// <param name="refused">With the challenge.</param>
    /// <param name="sent">What was sent with it.</param>
    /// <param name="cancellationToken">Carries the request's time limit.</param>
    public async Task<AuthenticationHeaderValue?> AnswerAsync(
        RegistryRequest request, Origin registry, HttpResponseMessage refused, AuthenticationHeaderValue? sent,
        CancellationToken cancellationToken)
    {
        _tokens.TryRemove((registry, request.Scope), out _);
        var credential = credentials.Find(request.Repository, registry);
        var challenge = Challenge.Read(refused.Headers.WwwAuthenticate);
        if (challenge is null)
        {
            return null;
        }

        if (challenge.IsBearer)
        {
            return await FetchTokenAsync(request, registry, challenge, credential, cancellationToken);
        }

        // The same again would be refused again.
        if (credential?.Basic is not { } basic || basic.Equals(sent))
        {
            return null;
        }

        _basic[registry] = true;
        return basic;
    }

    private async Task<AuthenticationHeaderValue> FetchTokenAsync(
        RegistryRequest request, Origin registry, Challenge challenge, RegistryCredential? credential, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(challenge.Realm, UriKind.Absolute, out var realm) || !transport.Endpoints.MayAsk(registry, realm))
        {
            var where = realm is { IsAbsoluteUri: true } ? Origin.Of(realm).ToString() : "an address that cannot be read";
            throw new RegistryException(
                RegistryProblem.RefusedRealm,
                $"{request}: the registry sends us for a token to {where}; that must be https at the registry's own host and port, or a "
                + "token host that the operator's administrator has named for this registry");
        }

        using var message = Message(request, realm, challenge.Service, credential);
        using var response = await transport.SendAsync(message, RegistryProblem.RefusedRealm, request.ToString(), cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw Refusal(request, realm, response.StatusCode);
        }

        var body = await BoundedReader.ReadAsync(response, MaxTokenBytes, request.ToString(), cancellationToken);
        if (TokenAnswer.Read(body) is not var (token, life))
        {
            throw new RegistryException(
                RegistryProblem.InvalidAnswer, $"{request}: the token service {Origin.Of(realm)} answered without a token");
        }

        var header = new AuthenticationHeaderValue("Bearer", token);
        Remember((registry, request.Scope), header, life - _margin);
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

        var query = new StringBuilder(realm.Query.TrimStart('?'));
        foreach (var (name, value) in request.Scope.Split(' ').Select(scope => ("scope", scope)).Prepend(("service", service ?? "")))
        {
            if (value.Length > 0)
            {
                query.Append(query.Length == 0 ? "" : "&").Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }

        var message = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(realm) { Query = query.ToString(), Fragment = "" }.Uri);
        message.Headers.Authorization = credential?.Basic;
        return message;
    }

    private void Remember((Origin, string) key, AuthenticationHeaderValue header, TimeSpan life)
    {
        var now = time.GetTimestamp();
        if (_tokens.Count >= MaxRemembered)
        {
            _tokens.Clear();
        }

        _tokens[key] = (header, now + (long)(life.TotalSeconds * time.TimestampFrequency));
    }

    private static RegistryException Refusal(RegistryRequest request, Uri realm, HttpStatusCode code) => (int)code switch
    {
        400 or 401 or 403 => new RegistryException(
            RegistryProblem.Unauthorized,
            $"{request}: the token service {Origin.Of(realm)} gives no token ({(int)code}); check the pull secret's user and password"),
        429 => new RegistryException(
            RegistryProblem.RateLimited, $"{request}: the token service {Origin.Of(realm)} is asked too often (429)"),
        >= 500 => new RegistryException(
            RegistryProblem.ServerError, $"{request}: the token service {Origin.Of(realm)} fails ({(int)code})"),
        >= 300 and < 400 => new RegistryException(
            RegistryProblem.RefusedRealm, $"{request}: the token service {Origin.Of(realm)} redirects, which is not followed"),
        _ => new RegistryException(RegistryProblem.InvalidAnswer, $"{request}: the token service {Origin.Of(realm)} answered {(int)code}"),
    };
}
