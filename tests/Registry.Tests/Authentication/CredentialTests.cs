using System.Net.Http.Headers;
using System.Text;
using IrisOperator.Registry.Authentication;
using IrisOperator.Registry.Wire;

namespace IrisOperator.Registry.Tests.Authentication;

public sealed class CredentialTests
{
    [Theory]
    [InlineData("registry.example", "registry.example/iris", true)]
    [InlineData("registry.example:443", "registry.example/iris", true)]
    [InlineData("https://registry.example", "registry.example/iris", true)]
    [InlineData("https://registry.example/v2/", "registry.example/iris", true)]
    [InlineData("https://registry.example/v1/", "registry.example/iris", true)]
    [InlineData("HTTPS://Registry.Example/", "registry.example/iris", true)]
    [InlineData("https://index.docker.io/v1/", "docker.io/library/nginx", true)]
    [InlineData("docker.io", "docker.io/library/nginx", true)]
    [InlineData("registry.example/iris", "registry.example/iris", true)]
    [InlineData("registry.example/team", "registry.example/team/iris", true)]
    [InlineData("registry.example/team", "registry.example/teams/iris", false)]
    [InlineData("http://registry.example", "registry.example/iris", false)]
    [InlineData("registry.example:80", "registry.example/iris", false)]
    [InlineData("registry.example:5000", "registry.example/iris", false)]
    [InlineData("registry.example", "registry.example:5000/iris", false)]
    [InlineData("registry.example", "other.registry.example/iris", false)]
    [InlineData("example", "registry.example/iris", false)]
    public void credentials_are_bound_to_scheme_host_and_port(string key, string repository, bool expected)
    {
        var credentials = RegistryCredentials.FromDockerConfig(
            Encoding.UTF8.GetBytes($$$"""{"auths":{"{{{key}}}":{"username":"u","password":"p"} } }"""));
        var name = RepositoryName.Parse(repository);

        Assert.Equal(expected, credentials.Find(name, Origin.Of(name.Registry, plainHttp: false)) is not null);
    }

    [Fact]
    public void the_longest_path_counts()
    {
        var credentials = Parse(
            """{"auths":{"r.example":{"username":"a","password":""},"r.example/team":{"username":"b","password":""}}}""");

        Assert.Equal("a:", User(credentials, "r.example/iris"));
        Assert.Equal("b:", User(credentials, "r.example/team/iris"));
    }

    [Theory]
    [InlineData("""{"auth":"dTpwOnE="}""", "u:p:q")]
    [InlineData("""{"username":"u","password":"p","auth":"eDp5"}""", "u:p")]
    [InlineData("""{"username":"ü","password":"ß"}""", "ü:ß")]
    public void passwords_are_read_in_both_forms(string entry, string expected) =>
        Assert.Equal(expected, User(Parse($$$"""{"auths":{"r.example":{{{entry}}} } }"""), "r.example/iris"));

    [Fact]
    public void an_identity_token_comes_before_the_password()
    {
        var name = RepositoryName.Parse("r.example/iris");
        var found = Parse("""{"auths":{"r.example":{"auth":"dTpw","identitytoken":"i"}}}""").Find(name, Origin.Of(name.Registry, false));

        Assert.Equal("i", found!.IdentityToken);
        Assert.Null(found.Basic);
    }

    [Theory]
    [InlineData("canary", "no JSON")]
    [InlineData("[]", "\"auths\"")]
    [InlineData("""{"auths":[]}""", "\"auths\"")]
    [InlineData("""{"auths":{"r.example":"canary"}}""", "expected an object")]
    [InlineData("""{"auths":{"r.example":{"auth":"canary!"}}}""", "base64 of user:password")]
    [InlineData("""{"auths":{"r.example":{"auth":"Y2FuYXJ5"}}}""", "base64 of user:password")]
    [InlineData("""{"auths":{"ftp://r.example":{"auth":"dTpw"}}}""", "expected a registry")]
    public void broken_documents_are_refused_without_their_content(string document, string expected)
    {
        var error = Assert.Throws<FormatException>(() => Parse(document));

        Assert.Contains(expected, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Y2FuYXJ5", error.ToString(), StringComparison.Ordinal);
    }

    // Field report: an entry of *.jfrog.io beside the right one, and the whole file was refused.
    [Theory]
    [InlineData("""{"auths":{"*.jfrog.io":{"username":"u","password":"p","auth":"dTpw"},"127.0.0.1:18151":{"auth":"dTpw"}}}""")]
    [InlineData("""{"auths":{"[a-.example":{"auth":"dTpw"},"127.0.0.1:18151":{"auth":"dTpw"}}}""")]
    [InlineData("""{"auths":{"ftp://r.example":{"auth":"dTpw"},"127.0.0.1:18151":{"auth":"dTpw"}}}""")]
    [InlineData("""{"auths":{"":{"auth":"dTpw"},"127.0.0.1:18151":{"auth":"dTpw"}}}""")]
    [InlineData("""{"auths":{"127.0.0.1:18151":{"auth":"dTpw"},"r.example":null}}""")]
    [InlineData("""{"auths":{"127.0.0.1:18151":{"auth":"dTpw"},"r.example":{"auth":"dTpw!"}}}""")]
    public void an_entry_that_cannot_be_used_disables_no_other(string document) =>
        Assert.Equal("u:p", User(Parse(document), "127.0.0.1:18151/iris"));

    // The examples of Kubernetes' page on images, and what kubelet makes of ports and character classes.
    [Theory]
    [InlineData("*.jfrog.io", "acme.jfrog.io/iris", true)]
    [InlineData("*.kubernetes.io", "kubernetes.io/iris", false)]
    [InlineData("*.kubernetes.io", "abc.kubernetes.io/iris", true)]
    [InlineData("*.kubernetes.io", "abc.def.kubernetes.io/iris", false)]
    [InlineData("*.*.kubernetes.io", "abc.kubernetes.io/iris", false)]
    [InlineData("*.*.kubernetes.io", "abc.def.kubernetes.io/iris", true)]
    [InlineData("prefix.*.io", "prefix.kubernetes.io/iris", true)]
    [InlineData("*-good.kubernetes.io", "prefix-good.kubernetes.io/iris", true)]
    [InlineData("https://*.Kubernetes.io/v2/", "abc.kubernetes.io/iris", true)]
    [InlineData("http://*.kubernetes.io", "abc.kubernetes.io/iris", false)]
    [InlineData("*.kubernetes.io/team", "abc.kubernetes.io/team/iris", true)]
    [InlineData("*.kubernetes.io/team", "abc.kubernetes.io/iris", false)]
    [InlineData("*.kubernetes.io:5000", "abc.kubernetes.io:5000/iris", true)]
    [InlineData("*.kubernetes.io", "abc.kubernetes.io:5000/iris", false)]
    [InlineData("*.kubernetes.io", "abc.kubernetes.io:443/iris", true)]
    [InlineData("r?.kubernetes.io", "r1.kubernetes.io/iris", true)]
    [InlineData("r?.kubernetes.io", "r.kubernetes.io/iris", false)]
    [InlineData("r[0-9].kubernetes.io", "r1.kubernetes.io/iris", true)]
    [InlineData("r[^0-9].kubernetes.io", "r1.kubernetes.io/iris", false)]
    [InlineData("*", "localhost/iris", true)]
    [InlineData("*", "kubernetes.io/iris", false)]
    [InlineData("*.kubernetes.io", "abc.kubernetesXio.example/iris", false)]
    public void hosts_may_be_patterns_as_in_pull_secrets(string key, string repository, bool expected) => Assert.Equal(
        expected ? "u:p" : null,
        User(Parse($$$"""{"auths":{"{{{key}}}":{"auth":"dTpw"} } }"""), repository));

    [Fact]
    public void the_host_itself_counts_before_a_pattern()
    {
        var credentials = Parse(
            """{"auths":{"*.example":{"auth":"YTo="},"*-x.example":{"auth":"Yjo="},"r-x.example":{"auth":"Yzo="}}}""");

        Assert.Equal("a:", User(credentials, "r.example/iris"));
        Assert.Equal("b:", User(credentials, "s-x.example/iris"));
        Assert.Equal("c:", User(credentials, "r-x.example/iris"));
    }

    [Fact]
    public void an_entry_that_a_credential_helper_left_empty_is_none() =>
        Assert.Null(User(Parse("""{"auths":{"r.example":{}},"credsStore":"x"}"""), "r.example/iris"));

    [Fact]
    public void credentials_do_not_print()
    {
        Assert.DoesNotContain("canary", RegistryCredential.Password("canary", "canary").ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(
            "canary",
            RegistryCredentials.For(RegistryHost.Parse("r.example"), RegistryCredential.Identity("canary")).ToString(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bearer realm=\"https://a/t?x=1,2\",service=\"s\",scope=\"repository:a:pull,push\"", true, "https://a/t?x=1,2", "s")]
    [InlineData("bearer service=s, realm=\"https://a/t\"", true, "https://a/t", "s")]
    [InlineData("Basic realm=\"x\"", false, null, null)]
    [InlineData("Bearer", true, null, null)]
    public void challenges_are_read(string header, bool bearer, string? realm, string? service)
    {
        using var response = new HttpResponseMessage();
        response.Headers.WwwAuthenticate.Add(AuthenticationHeaderValue.Parse(header));

        Assert.Equal(new Challenge(bearer, realm, service), Challenge.Read(response.Headers.WwwAuthenticate));
    }

    [Theory]
    [InlineData("""{"token":"abc","expires_in":300}""", "abc", 300)]
    [InlineData("""{"access_token":"abc"}""", "abc", 60)]
    [InlineData("""{"token":"","access_token":"abc","expires_in":1e99}""", "abc", 3600)]
    [InlineData("""{"token":"abc","expires_in":-5}""", "abc", 0)]
    [InlineData("""{"token":"abc","expires_in":"soon"}""", "abc", 60)]
    [InlineData("""{"token":"a\r\nb"}""", null, 0)]
    [InlineData("""{"token":5}""", null, 0)]
    [InlineData("[]", null, 0)]
    [InlineData("<html>", null, 0)]
    public void token_answers_are_read(string body, string? token, double seconds)
    {
        var answer = TokenAnswer.Read(Encoding.UTF8.GetBytes(body));

        Assert.Equal(token, answer?.Token);
        Assert.Equal(seconds, answer?.Life.TotalSeconds ?? 0);
    }

    private static RegistryCredentials Parse(string document) => RegistryCredentials.FromDockerConfig(Encoding.UTF8.GetBytes(document));

    private static string? User(RegistryCredentials credentials, string repository)
    {
        var name = RepositoryName.Parse(repository);
        return credentials.Find(name, Origin.Of(name.Registry, plainHttp: false))?.Basic is { } basic
            ? Encoding.UTF8.GetString(Convert.FromBase64String(basic.Parameter!))
            : null;
    }
}
