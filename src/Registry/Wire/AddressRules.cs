using System.Net;
using System.Net.Sockets;

namespace IrisOperator.Registry.Wire;

/// <summary>Which addresses a name may lead to. Looked at after name resolution, for what the name says proves nothing.</summary>
internal sealed class AddressRules(IReadOnlyList<IPNetwork> denied)
{
    // The cloud's metadata service lives here: nobody's registry does, even if the administrator named its host.
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
        if (_linkLocal.Any(network => network.Contains(real)))
        {
            return false;
        }

        return named || !(_private.Any(network => network.Contains(real)) || denied.Any(network => network.Contains(real)));
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
