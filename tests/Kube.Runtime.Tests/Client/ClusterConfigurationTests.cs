using System.Net;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IrisOperator.Testing;

namespace IrisOperator.Kube.Runtime.Tests.Client;

[SupportedOSPlatform("linux")]
public sealed class ClusterConfigurationTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("iris-kubeconfig-").FullName;
    private readonly string _certificate;
    private readonly string _key;

    public ClusterConfigurationTests()
    {
        (_certificate, _key) = SelfSigned("CN=test");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task file_as_kind_and_k3s_write_it()
    {
        var config = Read($"""
            apiVersion: v1
            clusters:
            - cluster:
                certificate-authority-data: {Base64(_certificate)}
                server: https://127.0.0.1:44321
              name: kind-iris
            contexts:
            - context:
                cluster: kind-iris
                namespace: ml
                user: kind-iris
              name: kind-iris
            current-context: kind-iris
            kind: Config
            preferences: {"{}"}
            users:
            - name: kind-iris
              user:
                client-certificate-data: {Base64(_certificate)}
                client-key-data: {Base64(_key)}
            """);

        Assert.Equal(("https://127.0.0.1:44321", "ml"), (config.Host, config.Namespace));
        Assert.True(Rotating(config).Certificate!.HasPrivateKey);
        Assert.Null(await Rotating(config).GetAuthenticationHeaderAsync(Stop));
    }

    [Fact]
    public async Task file_as_eks_writes_it_runs_its_plugin_until_the_token_is_nearly_expired()
    {
        var count = Write("count", "");
        var plugin = Write("plugin.sh", $$$"""
            #!/bin/sh
            echo x >> {{{count}}}
            echo "{\"apiVersion\":\"client.authentication.k8s.io/v1beta1\",\"kind\":\"ExecCredential\",\
            \"status\":{\"token\":\"$CLUSTER-$2\",\"expirationTimestamp\":\"2026-01-01T00:15:00Z\"}}"
            """);
        File.SetUnixFileMode(plugin, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var config = Read("""
            apiVersion: v1
            clusters:
            - cluster:
                server: https://ABC.gr7.eu-west-1.eks.amazonaws.com
              name: arn:aws:eks:eu-west-1:1:cluster/iris
            contexts:
            - context:
                cluster: arn:aws:eks:eu-west-1:1:cluster/iris
                user: arn:aws:eks:eu-west-1:1:cluster/iris
              name: arn:aws:eks:eu-west-1:1:cluster/iris
            current-context: arn:aws:eks:eu-west-1:1:cluster/iris
            users:
            - name: arn:aws:eks:eu-west-1:1:cluster/iris
              user:
                exec:
                  apiVersion: client.authentication.k8s.io/v1beta1
                  args:
                  - --region
                  - eu-west-1
                  command: ./plugin.sh
                  env:
                  - name: CLUSTER
                    value: iris
                  provideClusterInfo: false
            """);

        Assert.Equal("Bearer iris-eu-west-1", (await HeaderAsync(config)));
        _time.Advance(TimeSpan.FromMinutes(14));
        await HeaderAsync(config);
        Assert.Single(await File.ReadAllLinesAsync(count, Stop));

        _time.Advance(TimeSpan.FromSeconds(40));
        await HeaderAsync(config);
        Assert.Equal(2, (await File.ReadAllLinesAsync(count, Stop)).Length);
    }

    [Theory]
    [InlineData("exit 3; echo secret", "exited with 3")]
    [InlineData("echo '{\"token\":\"secret\"}'", "did not print an ExecCredential")]
    [InlineData("echo secret", "did not print an ExecCredential")]
    public async Task failing_plugin_is_told_without_its_output(string script, string message)
    {
        var plugin = Write("plugin.sh", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(plugin, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var config = Read(Simple("exec: {command: ./plugin.sh, apiVersion: client.authentication.k8s.io/v1}"));

        var error = await Assert.ThrowsAsync<KubeConfigException>(async () => await HeaderAsync(config));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task missing_plugin_says_how_to_install_it()
    {
        var config = Read(Simple("exec: {command: no-such-plugin, installHint: see the manual}"));

        var error = await Assert.ThrowsAsync<KubeConfigException>(async () => await HeaderAsync(config));

        Assert.Contains("see the manual", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void json_is_read_too_and_another_context_can_be_chosen()
    {
        var path = Write("config", """
            {"current-context":"a","clusters":[{"name":"c","cluster":{"server":"https://c","insecure-skip-tls-verify":true,
            "tls-server-name":"kubernetes","proxy-url":"http://proxy:3128"}}],
            "contexts":[{"name":"a","context":{"cluster":"none"}},{"name":"b","context":{"cluster":"c"}}]}
            """);

        var config = ClusterConfiguration.FromFiles([path], "b", _time);

        Assert.True(config.SkipTlsVerify);
        using var handler = new SocketsHttpHandler();
        config.FirstMessageHandlerSetup(handler);
        Assert.Equal(("kubernetes", "http://proxy:3128/"), (config.TlsServerName, ((WebProxy)handler.Proxy!).Address!.AbsoluteUri));
    }

    [Fact]
    public void of_several_files_the_first_that_has_a_name_wins()
    {
        var one = Write("one", "current-context: x\nclusters:\n- name: c\n  cluster: {server: 'https://one'}\n");
        var two = Write(
            "two",
            "current-context: y\nclusters:\n- name: c\n  cluster: {server: 'https://two'}\n"
            + "contexts:\n- name: x\n  context: {cluster: c}\n");

        var config = ClusterConfiguration.FromFiles([one, Path.Combine(_folder, "missing"), two], null, _time);

        Assert.Equal("https://one", config.Host);
    }

    [Theory]
    [InlineData("clusters: []", "no current-context")]
    [InlineData("current-context: x", "there is no context \"x\"")]
    [InlineData("current-context: x\ncontexts:\n- name: x\n  context: {cluster: c}", "there is no cluster \"c\"")]
    [InlineData(
        "current-context: x\ncontexts:\n- name: x\n  context: {cluster: c}\nclusters:\n- name: c\n  cluster: {server: 'ftp://x'}",
        "not an http or https")]
    public void what_is_missing_is_named(string text, string message) =>
        Assert.Contains(message, Assert.Throws<KubeConfigException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("auth-provider: {name: gcp}", "is not supported")]
    [InlineData("client-certificate-data: '%%%'", "not base64")]
    [InlineData("client-certificate-data: eA==", "client-key is missing")]
    [InlineData("client-certificate: no-such-file", "no-such-file")]
    public void user_that_cannot_be_used_is_told(string user, string message) =>
        Assert.Contains(message, Assert.Throws<KubeConfigException>(() => Read(Simple(user))).Message, StringComparison.Ordinal);

    [Fact]
    public void a_file_with_anchors_block_scalars_and_several_documents_is_read()
    {
        Write("ca.crt", _certificate);
        var config = Read($"""
            # written by hand
            apiVersion: v1
            kind: Config
            clusters:
            - name: dev
              cluster: &here
                server: https://dev
                certificate-authority: ca.crt
            - name: test
              cluster:
                <<: *here
                tls-server-name: test.example
            ---
            kind: Config
            contexts:
            - name: "test"
              context: {"{"}cluster: test, user: me, namespace: ~{"}"}
            users:
            - name: me
              user:
                client-certificate-data: >-
                  {Base64(_certificate)}
                client-key-data: |
                  {Base64(_key)}
            current-context: test
            ...
            """);

        Assert.Equal(("https://dev", "test.example", null), (config.Host, config.TlsServerName, config.Namespace));
        Assert.Equal("CN=test", Rotating(config).Certificate!.Subject);
    }

    [Fact]
    public async Task paths_are_relative_to_their_own_file_or_to_the_home_folder()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "sub"));
        Write("sub/token", "of the second file");
        var one = Write("one", "current-context: x\ncontexts:\n- name: x\n  context: {cluster: c, user: u}\n");
        var two = Write(
            "sub/two",
            "clusters:\n- name: c\n  cluster: {server: 'https://c'}\nusers:\n- name: u\n  user: {tokenFile: token}\n");

        Assert.Equal("Bearer of the second file", await HeaderAsync(ClusterConfiguration.FromFiles([one, two], null, _time)));

        var home = Assert.Throws<KubeConfigException>(() => Read(Simple("client-certificate: ~/no-such-file")));
        var expected = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + "/no-such-file";
        Assert.Contains(expected, home.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void a_broken_file_is_told_with_its_name_and_line()
    {
        var error = Assert.Throws<KubeConfigException>(() => Read("clusters:\n- name: [\n"));

        Assert.Contains(Path.Combine(_folder, "config"), error.Message, StringComparison.Ordinal);
        Assert.Contains("line ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void a_replaced_client_certificate_is_taken_and_a_half_written_one_is_not()
    {
        Write("tls.crt", _certificate);
        Write("tls.key", _key);
        var credentials = Rotating(Read(Simple("client-certificate: tls.crt\n    client-key: tls.key")));
        var before = credentials.Certificate!.Thumbprint;

        var (certificate, key) = SelfSigned("CN=rotated");
        Write("tls.crt", certificate);
        Assert.Equal(before, credentials.Certificate!.Thumbprint);
        Write("tls.key", key);
        Assert.Equal("CN=rotated", credentials.Certificate!.Subject);
    }

    [Fact]
    public async Task a_refused_token_of_a_file_is_read_again_at_once_and_survives_the_absence_of_the_file()
    {
        var token = Write("token", "one\n");
        var credentials = Rotating(Read(Simple($"tokenFile: {token}")));
        Assert.Equal("one", await TokenAsync());

        Write("token", "two");
        credentials.Renew(null);
        Assert.Equal("two", await TokenAsync());

        File.Delete(token);
        credentials.Renew(null);
        Assert.Equal("two", await TokenAsync());

        async Task<string?> TokenAsync() => (await credentials.GetAuthenticationHeaderAsync(Stop))!.Parameter;
    }

    [Fact]
    public async Task a_plugin_is_run_again_once_for_a_refused_token()
    {
        var plugin = Write("plugin.sh", """
            #!/bin/sh
            echo x >> "$1"
            echo "{\"status\":{\"token\":\"t$(wc -l < "$1")\"}}"
            """);
        File.SetUnixFileMode(plugin, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var credentials = Rotating(Read(Simple($"exec: {{command: ./plugin.sh, args: ['{_folder}/how often']}}")));

        var first = await credentials.GetAuthenticationHeaderAsync(Stop);
        Assert.Equal(first, await credentials.GetAuthenticationHeaderAsync(Stop));
        credentials.Renew(first);
        var second = await credentials.GetAuthenticationHeaderAsync(Stop);
        credentials.Renew(first);

        Assert.Equal(("t1", "t2"), (first!.Parameter, second!.Parameter));
        Assert.Equal(second, await credentials.GetAuthenticationHeaderAsync(Stop));
    }

    [Fact]
    public async Task a_plugin_gets_arguments_with_spaces_and_the_cluster_that_it_asks_for()
    {
        var plugin = Write("plugin.sh", $"""
            #!/bin/sh
            printf '%s' "$1|$KUBERNETES_EXEC_INFO" > {_folder}/seen
            echo '{"{\"status\":{\"token\":\"t\"}}"}'
            """);
        File.SetUnixFileMode(plugin, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var config = Read(Simple("exec: {command: ./plugin.sh, args: ['two words'], provideClusterInfo: true}"));

        await HeaderAsync(config);

        var seen = await File.ReadAllTextAsync(Path.Combine(_folder, "seen"), Stop);
        Assert.StartsWith("two words|", seen, StringComparison.Ordinal);
        Assert.Contains("\"server\":\"https://c\"", seen, StringComparison.Ordinal);
    }

    private (string Certificate, string Key) SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(_time.Start, _time.Start.AddYears(10));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Simple(string user) =>
        "current-context: x\ncontexts:\n- name: x\n  context: {cluster: c, user: u}\n"
        + $"clusters:\n- name: c\n  cluster: {{server: 'https://c'}}\nusers:\n- name: u\n  user:\n    {user}\n";

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private KubernetesClientConfiguration Read(string text) => ClusterConfiguration.FromFiles([Write("config", text)], null, _time);

    private static RotatingCredentials Rotating(KubernetesClientConfiguration config) => (RotatingCredentials)config.TokenProvider;

    private static async Task<string> HeaderAsync(KubernetesClientConfiguration config)
    {
        using var request = new HttpRequestMessage();
        await Kubernetes.CreateCredentials(config).ProcessHttpRequestAsync(request, Stop);
        return request.Headers.Authorization!.ToString();
    }
}
