using System.Collections.Frozen;

namespace IrisOperator.Registry.Wire;

/// <summary>The named registries, by what a connection knows of them.</summary>
internal sealed class Endpoints
{
    private readonly FrozenDictionary<RegistryHost, RegistryEndpoint> _byHost;
    private readonly FrozenDictionary<Origin, RegistryEndpoint> _byOrigin;
    private readonly bool _onlyNamed;

    /// <exception cref="ArgumentException">A registry is named twice.</exception>
    public Endpoints(RegistryOptions options)
    {
        _byHost = options.Registries.ToFrozenDictionary(endpoint => endpoint.Host);
        _byOrigin = options.Registries.ToFrozenDictionary(endpoint => Origin.Of(endpoint.Host, endpoint.PlainHttp));
        _onlyNamed = options.OnlyNamedRegistries;
    }

    /// <exception cref="RegistryException">Only named registries are allowed, and this one is not.</exception>
    public Origin OriginOf(RegistryHost host)
    {
        var named = _byHost.GetValueOrDefault(host);
        return named is null && _onlyNamed
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
        if (realm.UserInfo.Length > 0 || (service.Scheme != Uri.UriSchemeHttps && !(service.IsPlain && service == registry)))
        {
            return false;
        }

        // Docker Hub is the one registry that everybody uses whose tokens come from elsewhere.
        return service == registry
            || (registry.Host == "registry-1.docker.io" && service is { Host: "auth.docker.io", Port: 443 })
            || (Named(registry)?.TokenHosts.Any(host => Origin.Of(host, plainHttp: false) == service) ?? false);
    }
}
