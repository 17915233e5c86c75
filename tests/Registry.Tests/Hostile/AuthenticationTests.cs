using IrisOperator.Registry.Tests.Servers;

namespace IrisOperator.Registry.Tests.Hostile;

public sealed class AuthenticationTests : HostileRegistry
{
    [Theory]
    [InlineData("http://evil.example/token")]
    [InlineData("http://127.0.0.1:{other}/token")]
    [InlineData("https://127.0.0.1:{other}/token")]
    [InlineData("http://[::1]:{other}/token")]
    [InlineData("http://user:pass@127.0.0.1:{self}/token")]
    [InlineData("file:///etc/passwd")]
    [InlineData("")]
    public async Task token_service_at_a_private_address_or_without_encryption_gets_nothing(string realm)
    {
        var other = Serve(exchange => exchange.AnswerAsync(200, """{"token":"t"}"""));
        LoopbackServer? registry = null;
        registry = Serve(exchange => exchange.AnswerAsync(401, ("WWW-Authenticate", $"Bearer realm=\"{Realm()}\",service=\"s\"")));

        await RefusedAsync(RegistryProblem.RefusedRealm, registry);

        Assert.Equal(0, other.Connections);
        Assert.Single(registry.Requests);

        string Realm() => realm
            .Replace("{other}", Text(other.Port), StringComparison.Ordinal)
            .Replace("{self}", Text(registry!.Port), StringComparison.Ordinal);
    }

    [Fact]
    public async Task token_service_that_redirects_is_not_followed()
    {
        var other = Serve(exchange => exchange.AnswerAsync(200, """{"token":"t"}"""));
        LoopbackServer? registry = null;
        registry = Serve(exchange => exchange.Path == "/token"
            ? exchange.AnswerAsync(302, ("Location", $"http://127.0.0.1:{other.Port}/token"))
            : exchange.AnswerAsync(401, ("WWW-Authenticate", $"Bearer realm=\"http://127.0.0.1:{registry!.Port}/token\"")));

        await RefusedAsync(RegistryProblem.RefusedRealm, registry, other);

        Assert.Equal(0, other.Connections);
    }

    [Theory]
    [InlineData("Basic realm=\"x\"", 2)]
    [InlineData("Bearer realm=\"{self}\",service=\"s\"", 3)]
    [InlineData("Negotiate", 1)]
    [InlineData("", 1)]
    public async Task unauthorized_for_ever_ends(string challenge, int requests)
    {
        LoopbackServer? registry = null;
        registry = Serve(exchange => exchange.Path == "/token"
            ? exchange.AnswerAsync(200, """{"token":"t","expires_in":300}""")
            : exchange.AnswerAsync(401, (
                "WWW-Authenticate",
                challenge.Replace("{self}", $"http://127.0.0.1:{registry!.Port}/token", StringComparison.Ordinal))));

        await RefusedAsync(RegistryProblem.Unauthorized, registry);

        Assert.Equal(requests, registry.Requests.Count);
    }

    [Fact]
    public async Task scope_is_ours_whatever_the_registry_wants()
    {
        LoopbackServer? registry = null;
        registry = Serve(exchange => exchange.Path == "/token"
            ? exchange.AnswerAsync(200, """{"token":"t","expires_in":300}""")
            : exchange["Authorization"] is null
                ? exchange.AnswerAsync(401, (
                    "WWW-Authenticate",
                    $"Bearer realm=\"http://127.0.0.1:{registry!.Port}/token\",service=\"s\","
                    + "scope=\"registry:catalog:* repository:other:delete\""))
                : Registries.AnswerManifestAsync(exchange));

        await Client(Registries.Named(registry)).GetManifestAsync(registry.Repository.With(Tag.Parse("1")), Stop);

        Assert.Equal("GET /token?service=s&scope=repository%3Airis%3Apull", registry.Lines[1]);
    }

    [Fact]
    public async Task no_message_holds_what_was_sent()
    {
        var answers = new (int Code, (string, string)[] Headers)[]
        {
            (401, [("WWW-Authenticate", "Basic realm=\"x\"")]), (403, []), (404, []), (429, []), (500, []), (418, []),
            (302, [("Location", "http://evil.example/?" + Registries.Secret)]),
        };
        foreach (var (code, headers) in answers)
        {
            var registry = Serve(exchange => exchange["Authorization"] is null
                ? exchange.AnswerAsync(401, ("WWW-Authenticate", "Basic realm=\"x\""))
                : exchange.AnswerAsync(
                    code, $$"""{"errors":[{"code":"DENIED","message":"{{exchange["Authorization"]}} {{Registries.Secret}}"}]}""", headers));
            var client = Client(Registries.Named(registry), Registries.Credentials(registry));

            var error = await Assert.ThrowsAsync<RegistryException>(
                () => client.GetManifestAsync(registry.Repository.With(Tag.Parse("1.0.0")), Stop));

            Assert.DoesNotContain(Registries.Secret, error.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(Registries.Basic["Basic ".Length..], error.ToString(), StringComparison.Ordinal);
            Assert.Contains($"GET {registry.Host}/v2/iris/manifests/1.0.0", error.Message, StringComparison.Ordinal);
        }
    }
}
