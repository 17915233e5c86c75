using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using k8s.Exceptions;

namespace IrisOperator.Kube.Runtime.Client;

/// <summary>
/// Certificates of both sides, read again at each handshake. The package reads them once, and where an authority is given it does not
/// compare the name in the server's certificate with the address.
/// </summary>
public sealed class ServerTrust
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Null trusts the machine's own roots.</summary>
    public Func<X509Certificate2Collection>? Authorities { get; init; }

    public Func<X509Certificate2?>? Certificate { get; set; }

    /// <summary>Null takes HTTPS_PROXY and NO_PROXY from the environment.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>For <see cref="k8s.KubernetesClientConfiguration.FirstMessageHandlerSetup"/>.</summary>
    public void Apply(SocketsHttpHandler handler)
    {
        if (Certificate is { } certificate)
        {
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate()!;
        }

        if (Authorities is { } authorities && handler.SslOptions.RemoteCertificateValidationCallback is null)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, chain, errors) =>
                (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == 0
                && presented is X509Certificate2 leaf
                && IsTrustedByOne(leaf, chain, authorities());
        }

        if (Proxy is not null)
        {
            handler.Proxy = new WebProxy(Proxy);
        }
    }

    /// <summary>A file of authorities that is read now, for errors to show at once, and at each handshake.</summary>
    public static Func<X509Certificate2Collection> AuthoritiesIn(string path, Func<string, KubeConfigException> error)
    {
        try
        {
            var file = new Rotating<X509Certificate2Collection>(() => ParseAuthorities(File.ReadAllText(path)));
            return () => file.Value;
        }
        catch (Exception problem) when (problem is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw error(problem.Message);
        }
    }

    /// <exception cref="CryptographicException">It is no PEM, or holds no certificate.</exception>
    public static X509Certificate2Collection ParseAuthorities(string pem)
    {
        var found = new X509Certificate2Collection();
        found.ImportFromPem(pem);
        return found.Count > 0 ? found : throw new CryptographicException("holds no certificate");
    }

    // While one is rotated there may be two of one name, and a chain takes the first that it finds.
    private static bool IsTrustedByOne(X509Certificate2 leaf, X509Chain? presented, X509Certificate2Collection authorities) =>
        IsTrusted(leaf, presented, authorities)
        || (authorities.Count > 1 && authorities.Any(authority => IsTrusted(leaf, presented, [authority])));

    private static bool IsTrusted(X509Certificate2 leaf, X509Chain? presented, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.ExtraStore.AddRange(presented?.ChainPolicy.ExtraStore ?? []);
        return chain.Build(leaf);
    }
}

/// <summary>
/// What is made of files that are replaced while the program runs: read at each use, as last read while they cannot be read.
/// </summary>
internal sealed class Rotating<T>(Func<T> read)
    where T : class
{
    private T _last = read();

    public T Value
    {
        get
        {
            try
            {
                return _last = read();
            }
            catch (Exception error) when (
                error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
            {
                return _last;
            }
        }
    }
}
