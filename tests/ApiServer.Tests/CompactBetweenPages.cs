using System.Security.Cryptography.X509Certificates;
using IrisOperator.Testing.ControlPlane;

namespace IrisOperator.ApiServer.Tests;

/// <summary>Makes the server forget everything before each page but the first.</summary>
internal sealed class CompactBetweenPages(TestControlPlane plane) : DelegatingHandler
{
    public int Compactions { get; private set; }

    public CompactBetweenPages Over(TestControlPlane server, X509Certificate2 certificate)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(server.Admin.CertificateAuthorities!);
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = policy;
        handler.SslOptions.ClientCertificates = [certificate];
        InnerHandler = handler;
        return this;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri!.Query.Contains("continue=", StringComparison.Ordinal))
        {
            using var client = plane.CreateClient();
            // By its name it would be on a later page.
            var newer = new Kube.ObjectKey("kube-public", $"page-newer-{Compactions}");
            await client.CreateAsync(KubeClientTests.Lease(newer, "x"), cancellationToken);
            var now = await client.ListAsync<Kube.Models.V1Lease>(Kube.NamespaceScope.In("kube-public"), null, cancellationToken);
            await plane.CompactAsync(now.ResourceVersion, cancellationToken);
            Compactions++;
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
