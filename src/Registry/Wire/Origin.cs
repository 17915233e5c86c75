using System.Globalization;

namespace IrisOperator.Registry.Wire;

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
