using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace IrisOperator.Registry.Wire;

/// <summary>The named registries, by what a connection knows of them.</summary>
/// <exception cref="ArgumentException">A registry is named twice.</exception>
internal sealed class Endpoints(RegistryOptions options)
{
    private readonly FrozenDictionary<RegistryHost, RegistryEndpoint> _byHost =
        options.Registries.ToFrozenDictionary(endpoint => endpoint.Host);

    private readonly FrozenDictionary<Origin, RegistryEndpoint> _byOrigin = options.Registries.Concat(options.TokenServices)
        .DistinctBy(Of).ToFrozenDictionary(Of);

    /// <exception cref="RegistryException">Only named registries are allowed, and this one is not.</exception>
    public Origin OriginOf(RegistryHost host)
    {
        var named = _byHost.GetValueOrDefault(host);
        return named is null && options.OnlyNamedRegistries
            ? throw new RegistryException(
                RegistryProblem.RefusedAddress,
                $"{host} is not among the registries that are named, and only those may be used; the administrator has to add it")
            : Origin.Of(host, named?.PlainHttp ?? false);
    }

    public RegistryEndpoint? Named(Origin origin) => _byOrigin.GetValueOrDefault(origin);

    public bool IsNamed(string host, int port) =>
        _byOrigin.ContainsKey(new Origin(Uri.UriSchemeHttps, host, port))
        || _byOrigin.ContainsKey(new Origin(Uri.UriSchemeHttp, host, port));

    /// <summary>
    /// Whether a token may be asked for there: over HTTPS, or over plain HTTP where registry or service are named with it.
    /// </summary>
    public bool MayAsk(Origin registry, Uri realm)
    {
        var service = Origin.Of(realm);
        return realm.UserInfo.Length == 0 && (service.Scheme == Uri.UriSchemeHttps
            || (service.IsPlain && (Named(service) is { PlainHttp: true } || (registry.IsPlain && service.Host == registry.Host))));
    }

    /// <summary>Whether credentials for the registry may be sent to a token service that may be asked.</summary>
    public bool MayTrust(Origin registry, Origin service) =>
        service.Host == registry.Host
        // Docker Hub is the one registry that everybody uses whose tokens come from elsewhere.
        || (registry.Host == "registry-1.docker.io" && service is { Host: "auth.docker.io", Port: 443 })
        || options.TokenServices.Any(named => Origin.Of(named.Host, service.IsPlain) == service);

    private static Origin Of(RegistryEndpoint endpoint) => Origin.Of(endpoint.Host, endpoint.PlainHttp);
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
    /// <exception cref="RegistryException">Missing, unreadable, or neither HTTPS nor a registry that is named with plain HTTP.</exception>
    public static Uri Next(RegistryRequest request, Uri current, string? location, Endpoints endpoints)
    {
        if (location is null || !Uri.TryCreate(current, location, out var next) || next.UserInfo.Length > 0)
        {
            throw Refused(request, "without a usable address");
        }

        var origin = Origin.Of(next);
        var sound = next.Scheme == Uri.UriSchemeHttps || (origin.IsPlain && endpoints.Named(origin) is { PlainHttp: true });
        return sound ? next : throw Refused(request, $"to {origin}, which is neither https nor a registry that is named with plain HTTP");
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

/// <summary>Which addresses a name may lead to. Checked after name resolution, because a name proves nothing.</summary>
internal sealed class AddressRules(IReadOnlyList<IPNetwork> denied)
{
    // The cloud's metadata service is at such an address and no registry is, even if the administrator named its host.
    private static readonly IPNetwork[] _linkLocal = [IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("fe80::/10")];

    // What the special-purpose registries of IANA (RFC 6890) do not call globally reachable, and multicast.
    private static readonly IPNetwork[] _private =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/128", "::1/128", "100::/64", "2001:db8::/32", "fc00::/7", "fec0::/10", "ff00::/8",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    public bool Allows(IPAddress address, bool named)
    {
        var real = Unwrap(address);
        return !_linkLocal.Any(network => network.Contains(real))
            && (named || !_private.Concat(denied).Any(network => network.Contains(real)));
    }

    // IPv4 inside IPv6: mapped (::ffff:a.b.c.d), compatible (::a.b.c.d), NAT64 (64:ff9b::/96) and 6to4 (2002:a.b.c.d::).
    private static IPAddress Unwrap(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        if (bytes is [0x20, 0x02, ..])
        {
            return new IPAddress(bytes.AsSpan(2, 4));
        }

        var mapped = address.IsIPv4MappedToIPv6;
        var nat64 = bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]);
        var compatible = !bytes.AsSpan(0, 12).ContainsAnyExcept((byte)0) && bytes.AsSpan(12, 3).ContainsAnyExcept((byte)0);
        return mapped || nat64 || compatible ? new IPAddress(bytes.AsSpan(12, 4)) : address;
    }
}

/// <summary>The authorities of one PEM file, beside those of the system. Read again at a handshake after the file has changed.</summary>
internal sealed class CertificateBundle(string file)
{
    private readonly Lock _gate = new();
    private (DateTime Written, long Length) _seen;
    private X509Certificate2Collection _authorities = [];

    /// <summary>True for what the system trusts, and for the right name and time and a chain to one of the file's authorities.</summary>
    public bool Validate(X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 leaf)
        {
            return errors == SslPolicyErrors.None;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.1"));
        chain.ChainPolicy.CustomTrustStore.AddRange(Current());
        foreach (var element in presented?.ChainElements.Skip(1) ?? [])
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        chain.ChainPolicy.ExtraStore.AddRange(presented?.ChainPolicy.ExtraStore ?? []);
        return chain.Build(leaf);
    }

    private X509Certificate2Collection Current()
    {
        lock (_gate)
        {
            var info = new FileInfo(file);
            var now = (info.LastWriteTimeUtc, info.Length);
            if (now != _seen)
            {
                // A new collection: the old one may be in use by another handshake.
                var read = new X509Certificate2Collection();
                read.ImportFromPemFile(file);
                (_authorities, _seen) = (read, now);
            }

            return _authorities;
        }
    }
}

/// <summary>Passes through the HTTP client, which wraps it.</summary>
internal sealed class RefusedAddressException(string message) : Exception(message);
