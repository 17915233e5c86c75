using IrisOperator.Testing.ControlPlane;

namespace IrisOperator.ApiServer.Tests;

/// <summary>Makes the server forget everything before each page but the first.</summary>
internal sealed class CompactBetweenPages(TestControlPlane plane) : DelegatingHandler
{
    public int Compactions { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri!.Query.Contains("continue=", StringComparison.Ordinal))
        {
            using var client = plane.CreateClient();
            // By its name it would be on a later page.
            var newer = new ObjectKey("kube-public", $"page-newer-{Compactions}");
            await client.CreateAsync(KubeClientTests.Lease(newer, "x"), cancellationToken);
            var now = await client.ListAsync<V1Lease>(NamespaceScope.In("kube-public"), null, cancellationToken);
            await plane.CompactAsync(now.ResourceVersion, cancellationToken);
            Compactions++;
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
