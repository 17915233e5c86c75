using System.Runtime.Versioning;

namespace IrisOperator.Kube.Runtime.Tests.Client;

/// <summary>What a user's entry says to send, and how it is renewed: plugins, token files, client certificates.</summary>
[SupportedOSPlatform("linux")]
public sealed class CredentialsTests : IDisposable
{
    private readonly KubeConfigFolder _files = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task file_as_eks_writes_it_runs_its_plugin_until_the_token_is_nearly_expired()
    {
        var count = _files.Write("count", "");
        var plugin = _files.Write("plugin.sh", $$$"""
            #!/bin/sh
            echo x >> {{{count}}}
            echo "{\"apiVersion\":\"client.authentication.k8s.io/v1beta1\",\"kind\":\"ExecCredential\",\
            \"status\":{\"token\":\"$CLUSTER-$2\",\"expirationTimestamp\":\"2026-01-01T00:15:00Z\"}}"
            """);
        File.SetUnixFileMode(plugin, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var config = _files.Read("""
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

        Assert.Equal("Bearer iris-eu-west-1", (await KubeConfigFolder.HeaderAsync(config)));
        _files.Time.Advance(TimeSpan.FromMinutes(14));
        await KubeConfigFolder.HeaderAsync(config);
        Assert.Single(await File.ReadAllLinesAsync(count, Stop));

        _files.Time.Advance(TimeSpan.FromSeconds(40));
        await KubeConfigFolder.HeaderAsync(config);
        Assert.Equal(2, (await File.ReadAllLinesAsync(count, Stop)).Length);
    }

    [Theory]
    [InlineData("exit 3; echo secret", "exited with 3")]
    [InlineData("echo '{\"token\":\"secret\"}'", "did not print an ExecCredential")]
    [InlineData("echo secret", "did not print an ExecCredential")]
    public async Task failing_plugin_is_told_without_its_output(string script, string message)
    {
        var plugin = _files.Write("plugin.sh", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(plugin, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var config = _files.ReadUser("exec: {command: ./plugin.sh, apiVersion: client.authentication.k8s.io/v1}");

        var error = await Assert.ThrowsAsync<KubeConfigException>(async () => await KubeConfigFolder.HeaderAsync(config));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task missing_plugin_says_how_to_install_it()
    {
        var config = _files.ReadUser("exec: {command: no-such-plugin, installHint: see the manual}");

        var error = await Assert.ThrowsAsync<KubeConfigException>(async () => await KubeConfigFolder.HeaderAsync(config));

        Assert.Contains("see the manual", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("auth-provider: {name: gcp}", "is not supported")]
    [InlineData("client-certificate-data: '%%%'", "not base64")]
    [InlineData("client-certificate-data: eA==", "client-key is missing")]
    [InlineData("client-certificate: no-such-file", "no-such-file")]
    public void user_that_cannot_be_used_is_told(string user, string message) =>
        Assert.Contains(message, Assert.Throws<KubeConfigException>(() => _files.ReadUser(user)).Message, StringComparison.Ordinal);

    [Fact]
    public void a_replaced_client_certificate_is_taken_and_a_half_written_one_is_not()
    {
        _files.Write("tls.crt", _files.Certificate);
        _files.Write("tls.key", _files.Key);
        var credentials = KubeConfigFolder.Rotating(_files.ReadUser("client-certificate: tls.crt\n    client-key: tls.key"));
        var before = credentials.Certificate!.Thumbprint;

        var (certificate, key) = _files.SelfSigned("CN=rotated");
        _files.Write("tls.crt", certificate);
        Assert.Equal(before, credentials.Certificate!.Thumbprint);
        _files.Write("tls.key", key);
        Assert.Equal("CN=rotated", credentials.Certificate!.Subject);
    }

    [Fact]
    public async Task a_refused_token_of_a_file_is_read_again_at_once_and_survives_the_absence_of_the_file()
    {
        var token = _files.Write("token", "one\n");
        var credentials = KubeConfigFolder.Rotating(_files.ReadUser($"tokenFile: {token}"));
        Assert.Equal("one", await TokenAsync());

        _files.Write("token", "two");
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
        var plugin = _files.Write("plugin.sh", """
            #!/bin/sh
            echo x >> "$1"
            echo "{\"status\":{\"token\":\"t$(wc -l < "$1")\"}}"
            """);
        File.SetUnixFileMode(plugin, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var credentials = KubeConfigFolder.Rotating(_files.ReadUser($"exec: {{command: ./plugin.sh, args: ['{_files.Path}/how often']}}"));

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
        var plugin = _files.Write("plugin.sh", $"""
            #!/bin/sh
            printf '%s' "$1|$KUBERNETES_EXEC_INFO" > {_files.Path}/seen
            echo '{"{\"status\":{\"token\":\"t\"}}"}'
            """);
        File.SetUnixFileMode(plugin, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var config = _files.ReadUser("exec: {command: ./plugin.sh, args: ['two words'], provideClusterInfo: true}");

        await KubeConfigFolder.HeaderAsync(config);

        var seen = await File.ReadAllTextAsync(Path.Combine(_files.Path, "seen"), Stop);
        Assert.StartsWith("two words|", seen, StringComparison.Ordinal);
        Assert.Contains("\"server\":\"https://c\"", seen, StringComparison.Ordinal);
    }
}
