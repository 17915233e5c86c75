using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace IrisOperator.Testing.ControlPlane;

/// <summary>
/// A real etcd and kube-apiserver on loopback ports, with RBAC and without controllers: nothing is scheduled, nothing collected.
/// </summary>
public sealed class TestControlPlane : IAsyncDisposable
{
    private static readonly TimeSpan _startLimit = TimeSpan.FromSeconds(90);
    private readonly TestAuthority _authority = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("iris-control-plane-").FullName;
    private readonly string _assets;
    private readonly int _etcdPort = FreePort();
    private readonly int _peerPort = FreePort();
    private readonly int _port = FreePort();
    private ChildProcess? _etcd;
    private ChildProcess? _apiServer;

    private TestControlPlane(string assets) => _assets = assets;

    /// <summary>Null when the programs are there, else what to do.</summary>
    public static string? Missing =>
        Assets is { } folder && File.Exists(Path.Combine(folder, "kube-apiserver")) && File.Exists(Path.Combine(folder, "etcd"))
            ? null
            : "no kube-apiserver and etcd in KUBEBUILDER_ASSETS: run `export KUBEBUILDER_ASSETS=$(hack/cluster/assets)`";

    public Uri Server => new($"https://127.0.0.1:{_port}");

    /// <summary>In the group system:masters.</summary>
    public KubernetesClientConfiguration Admin => ForUser("admin", "system:masters");

    /// <summary>A kubeconfig file of the admin, for kubectl and for programs under test.</summary>
    public string KubeConfigFile => Path.Combine(_folder, "kubeconfig");

    private static string? Assets => Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS");

    public static async Task<TestControlPlane> StartAsync(CancellationToken cancellationToken)
    {
        var plane = new TestControlPlane(Assets ?? throw new InvalidOperationException(Missing));
        try
        {
            plane.WriteFiles();
            await plane.StartEtcdAsync(cancellationToken);
            await plane.StartApiServerAsync(cancellationToken);
            return plane;
        }
        catch
        {
            await plane.DisposeAsync();
            throw;
        }
    }

    /// <summary>Somebody with a client certificate of their own and only the rights that RBAC gives them.</summary>
    public KubernetesClientConfiguration ForUser(string user, params IReadOnlyList<string> groups)
    {
        var (certificate, key) = _authority.IssueClient(user, groups);
        var identity = X509Certificate2.CreateFromPem(certificate, key);
        var trust = new ServerTrust { Authorities = () => [_authority.Certificate], Certificate = () => identity };
        return new KubernetesClientConfiguration { Host = Server.AbsoluteUri, FirstMessageHandlerSetup = trust.Apply };
    }

    public string AuthorityPem => _authority.Pem;

    /// <summary>A client certificate and its key, PEM.</summary>
    public (string Certificate, string Key) IssueClient(string user, params IReadOnlyList<string> groups) =>
        _authority.IssueClient(user, groups);

    /// <summary>The next start serves with a certificate of a new authority. Clients' certificates stay those of the old one.</summary>
    /// <returns>The new authority, PEM.</returns>
    public string ReplaceServerCertificate()
    {
        using var authority = new TestAuthority();
        var (certificate, key) = authority.IssueServer();
        File.WriteAllText(InFolder("server.crt"), certificate);
        File.WriteAllText(InFolder("server.key"), key);
        return authority.Pem;
    }

    public KubeClient CreateClient(KubernetesClientConfiguration? config = null, KubeClientOptions? options = null) =>
        new(config ?? Admin, options);

    /// <summary>kill -9: connections are reset.</summary>
    public async Task KillApiServerAsync()
    {
        await _apiServer!.DisposeAsync();
        _apiServer = null;
    }

    /// <summary>On the same port as before; returns when it is ready.</summary>
    public async Task StartApiServerAsync(CancellationToken cancellationToken)
    {
        _apiServer = ChildProcess.Start(
            InFolder("kube-apiserver.log"),
            Path.Combine(_assets, "kube-apiserver"),
            $"--etcd-servers=http://127.0.0.1:{_etcdPort}",
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            $"--secure-port={_port}",
            $"--tls-cert-file={InFolder("server.crt")}",
            $"--tls-private-key-file={InFolder("server.key")}",
            $"--client-ca-file={InFolder("ca.crt")}",
            "--authorization-mode=RBAC",
            "--service-account-issuer=https://kubernetes.default.svc",
            $"--service-account-key-file={InFolder("service-account.key")}",
            $"--service-account-signing-key-file={InFolder("service-account.key")}",
            "--service-cluster-ip-range=10.0.0.0/16",
            "--disable-admission-plugins=ServiceAccount",
            "--allow-privileged=true");
        using var handler = AdminHandler();
        // A new server makes its namespaces a moment after it is ready.
        foreach (var path in new[] { "/readyz", "/api/v1/namespaces/kube-public", "/api/v1/namespaces/default" })
        {
            await WaitAsync(new Uri(Server, path), handler, "kube-apiserver", cancellationToken);
        }
    }

    /// <summary>Forgets history: continue tokens and versions from before answer 410.</summary>
    public async Task CompactAsync(string resourceVersion, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        using var body = new StringContent($"{{\"revision\":\"{resourceVersion}\",\"physical\":true}}", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri($"http://127.0.0.1:{_etcdPort}/v3/kv/compaction"), body, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        await (_apiServer?.DisposeAsync() ?? default);
        await (_etcd?.DisposeAsync() ?? default);
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // Another process may take it before it is used; the start then fails and says so. Kernels hand out ports in turn, so it is rare.
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private HttpClientHandler AdminHandler()
    {
        var (certificate, key) = _authority.IssueClient("admin", "system:masters");
        return new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
            ClientCertificates = { X509Certificate2.CreateFromPem(certificate, key) },
        };
    }

    private string InFolder(string name) => Path.Combine(_folder, name);

    private async Task StartEtcdAsync(CancellationToken cancellationToken)
    {
        _etcd = ChildProcess.Start(
            InFolder("etcd.log"),
            Path.Combine(_assets, "etcd"),
            $"--data-dir={InFolder("etcd")}",
            "--unsafe-no-fsync",
            $"--listen-client-urls=http://127.0.0.1:{_etcdPort}",
            $"--advertise-client-urls=http://127.0.0.1:{_etcdPort}",
            $"--listen-peer-urls=http://127.0.0.1:{_peerPort}",
            $"--initial-advertise-peer-urls=http://127.0.0.1:{_peerPort}",
            $"--initial-cluster=default=http://127.0.0.1:{_peerPort}");
        using var handler = new HttpClientHandler();
        await WaitAsync(new Uri($"http://127.0.0.1:{_etcdPort}/health"), handler, "etcd", cancellationToken);
    }

    private void WriteFiles()
    {
        var (certificate, key) = _authority.IssueServer();
        File.WriteAllText(InFolder("ca.crt"), _authority.Pem);
        File.WriteAllText(InFolder("server.crt"), certificate);
        File.WriteAllText(InFolder("server.key"), key);
        using var signing = RSA.Create(2048);
        File.WriteAllText(InFolder("service-account.key"), signing.ExportRSAPrivateKeyPem());
        var (clientCertificate, clientKey) = _authority.IssueClient("admin", "system:masters");
        File.WriteAllText(KubeConfigFile, $"""
            apiVersion: v1
            kind: Config
            current-context: test
            clusters:
            - name: test
              cluster:
                server: {Server.AbsoluteUri.TrimEnd('/')}
                certificate-authority-data: {Base64(_authority.Pem)}
            users:
            - name: admin
              user:
                client-certificate-data: {Base64(clientCertificate)}
                client-key-data: {Base64(clientKey)}
            contexts:
            - name: test
              context:
                cluster: test
                user: admin
            """);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private async Task WaitAsync(Uri address, HttpMessageHandler handler, string name, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(handler, disposeHandler: false) { Timeout = TimeSpan.FromSeconds(2) };
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(address, cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception error)
                when (!cancellationToken.IsCancellationRequested && error is HttpRequestException or OperationCanceledException)
            {
                // Not listening yet.
            }

            if (TimeProvider.System.GetElapsedTime(began) > _startLimit)
            {
                var log = await File.ReadAllLinesAsync(InFolder($"{name}.log"), cancellationToken);
                throw new InvalidOperationException($"{name} did not start:\n{string.Join('\n', log.TakeLast(20))}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
        }
    }
}
