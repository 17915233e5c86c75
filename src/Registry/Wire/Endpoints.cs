using System.Collections.Frozen;
using System.Globalization;
using System.Net;

namespace IrisOperator.Registry.Wire;

/// <summary>The named registries, by what a connection knows of them.</summary>
/// <exception cref="ArgumentException">A registry is named twice.</exception>
internal sealed class Endpoints(RegistryOptions options)
{
    private readonly FrozenDictionary<RegistryHost, RegistryEndpoint> _byHost =
        options.Registries.ToFrozenDictionary(endpoint => endpoint.Host);

    private readonly FrozenDictionary<Origin, RegistryEndpoint> _byOrigin =
        options.Registries.ToFrozenDictionary(endpoint => Origin.Of(endpoint.Host, endpoint.PlainHttp));

    /// <exception cref="RegistryException">Only named registries are allowed, and this one is not.</exception>
    public Origin OriginOf(RegistryHost host)
    {
        var named = _byHost.GetValueOrDefault(host);
        return named is null && options.OnlyNamedRegistries
            ? throw new RegistryException(
                RegistryProblem.RefusedAddress,
                $"{host} is not among the registries that the operator may use; its administrator has to add it")
            : Origin.Of(host, named?.PlainHttp ?? false);
    }

    public RegistryEndpoint? Named(Origin origin) => _byOrigin.GetValueOrDefault(origin);

    public bool IsNamed(string host, int port) =>
        _byOrigin.ContainsKey(new Origin(Uri.UriSchemeHttps, host, port))
        || _byOrigin.ContainsKey(new Origin(Uri.UriSchemeHttp, host, port));

    /// <summary>Whether credentials for the registry may be sent to the token service.</summary>
    public bool MayAsk(Origin registry, Uri realm)
    {
        var service = Origin.Of(realm);
        var isSafe = realm.UserInfo.Length == 0 && (service.Scheme == Uri.UriSchemeHttps || (service.IsPlain && service == registry));

        // Docker Hub is the one registry that everybody uses whose tokens come from elsewhere.
        return isSafe && (service == registry
            || (registry.Host == "registry-1.docker.io" && service is { Host: "auth.docker.io", Port: 443 })
            || (Named(registry)?.TokenHosts.Any(host => Origin.Of(host, plainHttp: false) == service) ?? false));
    }
}

/// <summary>What credentials are bound to: scheme, host and port.</summary>
internal readonly record struct Origin(string Scheme, string Host, int Port)
{
    public bool IsPlain => Scheme == Uri.UriSchemeHttp;

    public static Origin Of(Uri address) => new(address.Scheme, address.Host.ToLowerInvariant(), address.Port);

    public static Origin Of(RegistryHost host, bool plainHttp) => plainHttp
        ? new Origin(Uri.UriSchemeHttp, host.ConnectName, host.Port ?? 80)
        : new Origin(Uri.UriSchemeHttps, host.ConnectName, host.Port ?? 443);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Scheme}://{Host}:{Port}");
}

/// <summary>Where an answer's Location may lead.</summary>
internal static class RedirectRules
{
    public const int MaxRedirects = 3;

    public static bool IsRedirect(HttpStatusCode code) => (int)code is 301 or 302 or 303 or 307 or 308;

    /// <summary>The next address of a download.</summary>
    /// <exception cref="RegistryException">Missing, unreadable, or neither https nor a registry that is named as plain http.</exception>
    public static Uri Next(RegistryRequest request, Uri current, string? location, Endpoints endpoints)
    {
        if (location is null || !Uri.TryCreate(current, location, out var next) || next.UserInfo.Length > 0)
        {
            throw Refused(request, "without a usable address");
        }

        var origin = Origin.Of(next);
        var sound = next.Scheme == Uri.UriSchemeHttps || (origin.IsPlain && endpoints.Named(origin) is { PlainHttp: true });
        return sound ? next : throw Refused(request, $"to {origin}, which is neither https nor named as a registry with plain http");
    }

    /// <summary>The next step of an upload or of a list: always the same registry, for our credentials and content go there.</summary>
    public static string SameRegistry(RegistryRequest request, Uri current, string location)
    {
        if (!Uri.TryCreate(current, location, out var next) || next.UserInfo.Length > 0)
        {
            throw request.Error(RegistryProblem.InvalidAnswer, "the registry gave an address that cannot be read as the next step");
        }

        return Origin.Of(next) == Origin.Of(current)
            ? next.PathAndQuery
            : throw Refused(
                request,
                $"to {Origin.Of(next)} for the next step, but that stays with {Origin.Of(current)}; "
                + "behind a proxy, let the registry answer with relative addresses (http.relativeurls) "
                + "or tell it its own (X-Forwarded-Proto)");
    }

    public static RegistryException Refused(RegistryRequest request, string why) =>
        request.Error(RegistryProblem.RefusedRedirect, $"the registry redirects {why}");
}
