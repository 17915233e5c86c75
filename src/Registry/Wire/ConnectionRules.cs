using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace IrisOperator.Registry.Wire;

/// <summary>Which addresses a name may lead to. Looked at after name resolution, for what the name says proves nothing.</summary>
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
