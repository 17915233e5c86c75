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
