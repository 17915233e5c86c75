using System.Runtime.Versioning;
using IrisOperator.Testing.ControlPlane;

namespace IrisOperator.ApiServer.Tests;

/// <summary>Every way into a cluster that a kubeconfig can name, and what is replaced while a program runs.</summary>
[SupportedOSPlatform("linux")]
public sealed class ClusterAccessTests : IAsyncLifetime, IDisposable
{
    private readonly ControlPlaneFixture _own = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("iris-access-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _own.InitializeAsync();

    public ValueTask DisposeAsync() => _own.DisposeAsync();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task a_client_certificate_a_token_a_token_file_and_a_plugin_lead_into_the_cluster()
    {
        var token = await ServiceAccountAsync("reader");
        var (certificate, key) = _own.Plane.IssueClient("admin", "system:masters");
        Write("tls.crt", certificate);
        Write("tls.key", key);
        Write("token", token);
        Write("plugin", $"#!/bin/sh\necho '{{\"status\":{{\"token\":\"{token}\"}}}}'\n");
        File.SetUnixFileMode(Path.Combine(_folder, "plugin"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        foreach (var user in new[]
        {
            "client-certificate: tls.crt\n    client-key: tls.key",
            $"token: {token}",
            "tokenFile: token",
            "exec: {command: ./plugin, apiVersion: client.authentication.k8s.io/v1beta1}",
        })
        {
            using var client = Client(user);
            Assert.NotNull(await client.GetAsync<V1Namespace>(new ObjectKey(null, "default"), Stop));
        }
    }

    [Fact]
    public async Task a_token_that_is_no_longer_valid_is_replaced_by_the_one_in_its_file()
    {
        Write("token", await ServiceAccountAsync("worker"));
        using var client = Client("tokenFile: token");
        Assert.NotNull(await client.GetAsync<V1Namespace>(new ObjectKey(null, "default"), Stop));

        // A token ends with its service account; the same name again is another account.
        using var package = new Kubernetes(_own.Plane.Admin);
        await package.CoreV1.DeleteNamespacedServiceAccountAsync("worker", "default", cancellationToken: Stop);
        Write("token", await ServiceAccountAsync("worker"));

        Assert.NotNull(await client.GetAsync<V1Namespace>(new ObjectKey(null, "default"), Stop));
    }

    [Fact]
    public async Task a_replaced_authority_is_trusted_without_a_restart_and_no_other_is()
    {
        var token = await ServiceAccountAsync("reader");
        using var client = Client($"token: {token}");
        Assert.NotNull(await client.GetAsync<V1Namespace>(new ObjectKey(null, "default"), Stop));

        await _own.Plane.KillApiServerAsync();
        var authority = _own.Plane.ReplaceServerCertificate();
        await _own.Plane.StartApiServerAsync(Stop);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync<V1Namespace>(new ObjectKey(null, "default"), Stop));

        // Both have one name, and stand in one file while clients change over.
        Write("ca.crt", $"{_own.Plane.AuthorityPem}\n{authority}\n");
        Assert.NotNull(await client.GetAsync<V1Namespace>(new ObjectKey(null, "default"), Stop));
    }

    [Fact]
    public async Task a_server_whose_certificate_is_for_another_name_is_not_trusted()
    {
        using var client = Client($"token: {await ServiceAccountAsync("reader")}", "tls-server-name: elsewhere.example");

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync<V1Namespace>(new ObjectKey(null, "default"), Stop));
    }

    private KubeClient Client(string user, string? server = null)
    {
        Write("ca.crt", _own.Plane.AuthorityPem);
        Write("config", $"""
            current-context: here
            contexts:
            - name: here
              context: {"{"}cluster: here, user: me{"}"}
            clusters:
            - name: here
              cluster:
                server: {_own.Plane.Server}
                certificate-authority: ca.crt
                {server}
            users:
            - name: me
              user:
                {user}
            """);
        return new KubeClient(ClusterConfiguration.FromFiles([Path.Combine(_folder, "config")], null, TimeProvider.System));
    }

    /// <summary>A service account that may do all, made with the package's own client, and a token for it.</summary>
    private async Task<string> ServiceAccountAsync(string name)
    {
        using var package = new Kubernetes(_own.Plane.Admin);
        await package.CoreV1.CreateNamespacedServiceAccountAsync(
            new V1ServiceAccount { Metadata = new V1ObjectMeta { Name = name } }, "default", cancellationToken: Stop);
        var binding = new V1ClusterRoleBinding
        {
            Metadata = new V1ObjectMeta { Name = $"{name}-{Guid.NewGuid():N}" },
            RoleRef = new V1RoleRef { ApiGroup = "rbac.authorization.k8s.io", Kind = "ClusterRole", Name = "cluster-admin" },
            Subjects = [new Rbacv1Subject { Kind = "ServiceAccount", Name = name, NamespaceProperty = "default" }],
        };
        await package.RbacAuthorizationV1.CreateClusterRoleBindingAsync(binding, cancellationToken: Stop);
        var request = new Authenticationv1TokenRequest { Spec = new V1TokenRequestSpec { ExpirationSeconds = 600, Audiences = [] } };
        var token = await package.CoreV1.CreateNamespacedServiceAccountTokenAsync(request, name, "default", cancellationToken: Stop);
        return token.Status.Token;
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
