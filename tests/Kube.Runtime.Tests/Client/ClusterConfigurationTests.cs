using System.Net;

namespace IrisOperator.Kube.Runtime.Tests.Client;

/// <summary>What is read from kubeconfig files as people have them.</summary>
public sealed class ClusterConfigurationTests : IDisposable
{
    private readonly KubeConfigFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task file_as_kind_and_k3s_write_it()
    {
        var config = _files.Read($"""
            apiVersion: v1
            clusters:
            - cluster:
                certificate-authority-data: {KubeConfigFolder.Base64(_files.Certificate)}
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
                client-certificate-data: {KubeConfigFolder.Base64(_files.Certificate)}
                client-key-data: {KubeConfigFolder.Base64(_files.Key)}
            """);

        Assert.Equal(("https://127.0.0.1:44321", "ml"), (config.Host, config.Namespace));
        Assert.True(KubeConfigFolder.Rotating(config).Certificate!.HasPrivateKey);
        Assert.Null(await KubeConfigFolder.Rotating(config).GetAuthenticationHeaderAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void json_is_read_too_and_another_context_can_be_chosen()
    {
        var path = _files.Write("config", """
            {"current-context":"a","clusters":[{"name":"c","cluster":{"server":"https://c","insecure-skip-tls-verify":true,
            "tls-server-name":"kubernetes","proxy-url":"http://proxy:3128"}}],
            "contexts":[{"name":"a","context":{"cluster":"none"}},{"name":"b","context":{"cluster":"c"}}]}
            """);

        var config = ClusterConfiguration.FromFiles([path], "b", _files.Time);

        Assert.True(config.SkipTlsVerify);
        using var handler = new SocketsHttpHandler();
        config.FirstMessageHandlerSetup(handler);
        Assert.Equal(("kubernetes", "http://proxy:3128/"), (config.TlsServerName, ((WebProxy)handler.Proxy!).Address!.AbsoluteUri));
    }

    [Fact]
    public void of_several_files_the_first_that_has_a_name_wins()
    {
        var one = _files.Write("one", "current-context: x\nclusters:\n- name: c\n  cluster: {server: 'https://one'}\n");
        var two = _files.Write(
            "two",
            "current-context: y\nclusters:\n- name: c\n  cluster: {server: 'https://two'}\n"
            + "contexts:\n- name: x\n  context: {cluster: c}\n");

        var config = ClusterConfiguration.FromFiles([one, Path.Combine(_files.Path, "missing"), two], null, _files.Time);

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
        Assert.Contains(message, Assert.Throws<KubeConfigException>(() => _files.Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void a_file_with_anchors_block_scalars_and_several_documents_is_read()
    {
        _files.Write("ca.crt", _files.Certificate);
        var config = _files.Read($"""
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
                  {KubeConfigFolder.Base64(_files.Certificate)}
                client-key-data: |
                  {KubeConfigFolder.Base64(_files.Key)}
            current-context: test
            ...
            """);

        Assert.Equal(("https://dev", "test.example", null), (config.Host, config.TlsServerName, config.Namespace));
        Assert.Equal("CN=test", KubeConfigFolder.Rotating(config).Certificate!.Subject);
    }

    [Fact]
    public async Task paths_are_relative_to_their_own_file_or_to_the_home_folder()
    {
        Directory.CreateDirectory(Path.Combine(_files.Path, "sub"));
        _files.Write("sub/token", "of the second file");
        var one = _files.Write("one", "current-context: x\ncontexts:\n- name: x\n  context: {cluster: c, user: u}\n");
        var two = _files.Write(
            "sub/two",
            "clusters:\n- name: c\n  cluster: {server: 'https://c'}\nusers:\n- name: u\n  user: {tokenFile: token}\n");

        var chosen = ClusterConfiguration.FromFiles([one, two], null, _files.Time);
        Assert.Equal("Bearer of the second file", await KubeConfigFolder.HeaderAsync(chosen));

        var home = Assert.Throws<KubeConfigException>(() => _files.ReadUser("client-certificate: ~/no-such-file"));
        var expected = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + "/no-such-file";
        Assert.Contains(expected, home.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void a_broken_file_is_told_with_its_name_and_line()
    {
        var error = Assert.Throws<KubeConfigException>(() => _files.Read("clusters:\n- name: [\n"));

        Assert.Contains(Path.Combine(_files.Path, "config"), error.Message, StringComparison.Ordinal);
        Assert.Contains("line ", error.Message, StringComparison.Ordinal);
    }
}
