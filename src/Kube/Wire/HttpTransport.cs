using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace IrisOperator.Kube.Wire;

/// <summary>Builds the handler that talks to one API server.</summary>
internal static class HttpTransport
{
    /// <param name="config">Trust and proxy.</param>
    /// <param name="certificate">Asked at each handshake: the certificate of the credentials last used.</param>
    public static SocketsHttpHandler Create(KubeConfig config, Func<X509Certificate2?> certificate)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),

            // Finds a connection that a balancer dropped without a word, for watches on HTTP/2 too.
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,

            // The server allows 250 streams on a connection; more watches and workers get a second one.
            EnableMultipleHttp2Connections = true,
            SslOptions = new SslClientAuthenticationOptions
            {
                TargetHost = config.TlsServerName,
                LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate()!,
            },
        };
        if (config.Proxy is not null)
        {
            handler.Proxy = new WebProxy(config.Proxy);
        }

        if (config.InsecureSkipTlsVerify)
        {
#pragma warning disable CA5359 // The user asked for it in the kubeconfig.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (config.CertificateAuthorities is { } authorities)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.AddRange(authorities);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        return handler;
    }
}
