using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using IrisOperator.Testing;
using IrisOperator.Testing.ControlPlane;

namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>
/// Two private registries, one of passwords and one of tokens, with which node and operator are made acquainted. Only on the local cluster.
/// </summary>
public sealed class PrivateRegistries(Cluster cluster) : IAsyncLifetime
{
    private const string Credentials = "e2e-registries";
    private const string Authority = "e2e-registry-authority";
    private const string Events = "e2e-registry-events";
    private const string EventsToken = "a word between the registry and the operator";

    private readonly Installation _installation = new(cluster);
    private readonly TestAuthority _authority = new();
    private readonly List<PrivateRegistry> _registries = [];
    private string? _values;

    /// <summary>The one that asks for the password. It tells the operator of what is pushed.</summary>
    internal PrivateRegistry Basic => _registries[0];

    internal PrivateRegistry Tokens => _registries[1];

    public async ValueTask InitializeAsync()
    {
        if (cluster.StateFolder is null)
        {
            return;
        }

        var address = OwnAddress();
        _registries.Add(await PrivateRegistry.StartAsync(address, _authority, tokens: false, await NotificationsAsync()));
        _registries.Add(await PrivateRegistry.StartAsync(address, _authority, tokens: true));
        _registries.ForEach(TellNode);
        await ForgetAsync();   // What a killed run has left.
        await CreateCredentialsAsync(cluster.OperatorNamespace, Credentials, DebianRegistry.Password);
        await CreateAuthorityAsync(cluster.OperatorNamespace, Authority);
        await CreateAsync(cluster.OperatorNamespace, "secret", "generic", Events, $"--from-literal=token={EventsToken}");
        _values = await _installation.ValuesAsync();
        await _installation.ApplyAsync(
            _values,
            $"registries.named={{{string.Join(',', _registries.Select(registry => registry.Host))}}}",
            $"registries.credentialsSecret={Credentials}", $"registries.caConfigMap={Authority}", $"registries.eventsSecret={Events}");
    }

    /// <summary>A docker-registry secret for both.</summary>
    public async Task CreateCredentialsAsync(string space, string name, string password)
    {
        var login = new JsonObject { ["username"] = DebianRegistry.User, ["password"] = password };
        var logins = _registries.Select(registry => KeyValuePair.Create(registry.Host, (JsonNode?)login.DeepClone()));
        var config = new JsonObject { ["auths"] = new JsonObject(logins) };
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.Combine("config"), config.ToJsonString(), TestContext.Current.CancellationToken);
        await CreateAsync(
            space, "secret", "generic", name,
            "--type=kubernetes.io/dockerconfigjson", $"--from-file=.dockerconfigjson={folder.Combine("config")}");
    }

    /// <summary>A config map with the authority's certificate under ca.crt.</summary>
    public async Task CreateAuthorityAsync(string space, string name)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.Combine("ca.crt"), _authority.Pem, TestContext.Current.CancellationToken);
        await CreateAsync(space, "configmap", name, $"--from-file={folder.Combine("ca.crt")}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_values is not null)
        {
            await _installation.ApplyAsync(_values);
        }

        await ForgetAsync();
        foreach (var registry in _registries)
        {
            Directory.Delete(NodeFolder(registry), recursive: true);
            await registry.DisposeAsync();
        }

        _authority.Dispose();
    }

    private Task<ProgramResult> ForgetAsync() => Kubectl.TryAsync(
        "kubectl",
        [
            "delete", "--namespace", cluster.OperatorNamespace, "--ignore-not-found",
            $"secret/{Credentials}", $"secret/{Events}", $"configmap/{Authority}",
        ]);

    private static Task<string> CreateAsync(string space, params string[] what) =>
        Kubectl.RunAsync(["create", "--namespace", space, .. what]);

    // The address that this machine shows to the node.
    private IPAddress OwnAddress()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(IPEndPoint.Parse(cluster.Registry));
        return ((IPEndPoint)socket.LocalEndPoint!).Address;
    }

    // https://distribution.github.io/distribution/about/notifications
    private async Task<string[]> NotificationsAsync()
    {
        var service = await cluster.Api.GetAsync(
            Resource.Services.In(cluster.OperatorNamespace, "iris-operator"), TestContext.Current.CancellationToken);
        return
        [
            "notifications:",
            "  endpoints:",
            $"    - {{name: iris, url: \"http://{service.Text("spec/clusterIP")}:8080/registry-events\", "
                + "timeout: 2s, threshold: 10, backoff: 500ms,",
            $"       headers: {{Authorization: [\"Bearer {EventsToken}\"]}}}}",
        ];
    }

    private string NodeFolder(PrivateRegistry registry) => Path.Combine(cluster.StateFolder!, "config", "registries", registry.Host);

    // https://github.com/containerd/containerd/blob/main/docs/hosts.md; the state folder is /run/iris on the node.
    private void TellNode(PrivateRegistry registry)
    {
        var folder = Directory.CreateDirectory(NodeFolder(registry)).FullName;
        File.WriteAllText(Path.Combine(folder, "ca.crt"), _authority.Pem);
        File.WriteAllText(
            Path.Combine(folder, "hosts.toml"),
            $"""
            server = "https://{registry.Host}"
            [host."https://{registry.Host}"]
              capabilities = ["pull", "resolve"]
              ca = "/run/iris/config/registries/{registry.Host}/ca.crt"
            """);
    }
}
