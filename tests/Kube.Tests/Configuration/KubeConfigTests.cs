using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IrisOperator.Kube.Authentication;
using IrisOperator.Kube.Configuration;
using IrisOperator.Testing;

namespace IrisOperator.Kube.Tests.Configuration;

[SupportedOSPlatform("linux")]
public sealed class KubeConfigTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("iris-kubeconfig-").FullName;
    private readonly string _certificate;
    private readonly string _key;

    public KubeConfigTests()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(_time.Start, _time.Start.AddYears(10));
        _certificate = certificate.ExportCertificatePem();
        _key = key.ExportPkcs8PrivateKeyPem();
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

        Assert.Equal(new Uri("https://127.0.0.1:44321"), config.Server);
        Assert.Equal("ml", config.Namespace);
        Assert.Equal("CN=test", config.CertificateAuthorities![0].Subject);
        Assert.True((await config.Credentials.GetAsync(Stop)).Certificate!.HasPrivateKey);
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

        Assert.Equal("Bearer iris-eu-west-1", (await config.Credentials.GetAsync(Stop)).Header!.ToString());
        _time.Advance(TimeSpan.FromMinutes(14));
        await config.Credentials.GetAsync(Stop);
        Assert.Single(await File.ReadAllLinesAsync(count, Stop));

        _time.Advance(TimeSpan.FromSeconds(40));
        await config.Credentials.GetAsync(Stop);
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

        var error = await Assert.ThrowsAsync<KubeConfigException>(async () => await config.Credentials.GetAsync(Stop));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task missing_plugin_says_how_to_install_it()
    {
        var config = Read(Simple("exec: {command: no-such-plugin, installHint: see the manual}"));

        var error = await Assert.ThrowsAsync<KubeConfigException>(async () => await config.Credentials.GetAsync(Stop));

        Assert.Contains("see the manual", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task token_file_is_read_again_every_minute_and_survives_its_absence()
    {
        var token = Write("token", "one\n");
        var config = Read(Simple($"tokenFile: {token}"));
        Assert.Equal("one", await TokenAsync());

        await File.WriteAllTextAsync(token, "two", Stop);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("one", await TokenAsync());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("two", await TokenAsync());

        File.Delete(token);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("two", await TokenAsync());

        async Task<string?> TokenAsync() => (await config.Credentials.GetAsync(Stop)).Header!.Parameter;
    }

    [Fact]
    public void json_is_read_too_and_another_context_can_be_chosen()
    {
        var path = Write("config", """
            {"current-context":"a","clusters":[{"name":"c","cluster":{"server":"https://c","insecure-skip-tls-verify":true,
            "tls-server-name":"kubernetes","proxy-url":"http://proxy:3128"}}],
            "contexts":[{"name":"a","context":{"cluster":"none"}},{"name":"b","context":{"cluster":"c"}}]}
            """);

        var config = KubeConfig.FromFile(path, "b", _time);

        Assert.True(config.InsecureSkipTlsVerify);
        Assert.Equal(("kubernetes", "http://proxy:3128/"), (config.TlsServerName, config.Proxy!.AbsoluteUri));
    }

    [Fact]
    public void of_several_files_the_first_that_has_a_name_wins()
    {
        var one = Write("one", "current-context: x\nclusters:\n- name: c\n  cluster: {server: 'https://one'}\n");
        var two = Write(
            "two",
            "current-context: y\nclusters:\n- name: c\n  cluster: {server: 'https://two'}\n"
            + "contexts:\n- name: x\n  context: {cluster: c}\n");

        var config = KubeConfigReader.FromFiles([one, Path.Combine(_folder, "missing"), two], null, _time);

        Assert.Equal(new Uri("https://one"), config.Server);
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
    [InlineData("username: admin", "are not supported")]
    [InlineData("client-certificate-data: '%%%'", "not base64")]
    [InlineData("client-certificate-data: eA==", "without its key")]
    [InlineData("client-certificate: no-such-file", "no-such-file")]
    public void user_that_cannot_be_used_is_told(string user, string message) =>
        Assert.Contains(message, Assert.Throws<KubeConfigException>(() => Read(Simple(user))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task pod_reads_what_kubelet_mounted()
    {
        Write("ca.crt", _certificate);
        Write("token", "pod-token");
        Write("namespace", "iris-system\n");
        var environment = new Dictionary<string, string> { ["KUBERNETES_SERVICE_HOST"] = "fd00::1", ["KUBERNETES_SERVICE_PORT"] = "443" };

        var config = InClusterConfig.Read(_folder, environment.GetValueOrDefault, _time);

        Assert.Equal(new Uri("https://[fd00::1]:443"), config.Server);
        Assert.Equal("iris-system", config.Namespace);
        Assert.Equal("Bearer pod-token", (await config.Credentials.GetAsync(Stop)).Header!.ToString());
        Assert.Throws<KubeConfigException>(() => InClusterConfig.Read(_folder, _ => null, _time));
    }

    [Fact]
    public void credentials_do_not_print_themselves() =>
        Assert.DoesNotContain("secret", new Credentials("secret", null).ToString(), StringComparison.Ordinal);

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

    private KubeConfig Read(string text) => KubeConfig.FromFile(Write("config", text), null, _time);
}
