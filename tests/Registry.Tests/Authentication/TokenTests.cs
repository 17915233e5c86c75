using System.Net;
using IrisOperator.Registry.Authentication;
using IrisOperator.Registry.Tests.Servers;
using IrisOperator.Testing;

namespace IrisOperator.Registry.Tests.Authentication;

/// <summary>Tokens of a registry's token service, from the challenge to the request that carries them.</summary>
public sealed class TokenTests : LoopbackTests<SkippingTimeProvider>
{
    [Fact]
    public async Task a_token_is_fetched_once_and_again_when_it_ends()
    {
        var tokens = 0;
        LoopbackServer? registry = null;
        registry = Serve(exchange => exchange.Path == "/token"
            ? exchange.AnswerAsync(200, $$"""{"token":"t{{++tokens}}","expires_in":300}""")
            : exchange["Authorization"] == $"Bearer t{tokens}"
                ? Registries.AnswerManifestAsync(exchange)
                : exchange.AnswerAsync(
                    401, ("WWW-Authenticate", $"Bearer realm=\"http://127.0.0.1:{registry!.Port}/token\",service=\"s\"")));
        var client = Client(Registries.Named(registry), Registries.Credentials(registry));
        var image = registry.Repository.With(Tag.Parse("1.0.0"));

        await client.GetManifestAsync(image, Stop);
        await client.GetManifestAsync(image, Stop);
        Assert.Equal(1, tokens);
        Assert.Equal(4, registry.Requests.Count);
        Assert.Equal(Registries.Basic, registry.Requests[1]["Authorization"]);
        Assert.Null(registry.Requests[0]["Authorization"]);

        for (var seconds = 0; seconds < 300; seconds += 10)
        {
            await Task.Delay(TimeSpan.FromSeconds(10), Time, Stop);
        }

        await client.GetManifestAsync(image, Stop);
        Assert.Equal(2, tokens);
    }

    [Fact]
    public async Task a_token_that_was_revoked_is_replaced()
    {
        var tokens = 0;
        var valid = "t1";
        LoopbackServer? registry = null;
        registry = Serve(exchange => exchange.Path == "/token"
            ? exchange.AnswerAsync(200, $$"""{"access_token":"t{{++tokens}}","expires_in":3600}""")
            : exchange["Authorization"] == $"Bearer {valid}"
                ? Registries.AnswerManifestAsync(exchange)
                : exchange.AnswerAsync(401, ("WWW-Authenticate", $"Bearer realm=\"http://127.0.0.1:{registry!.Port}/token\"")));
        var client = Client(Registries.Named(registry));
        var image = registry.Repository.With(Tag.Parse("1.0.0"));
        await client.GetManifestAsync(image, Stop);

        valid = "t2";

        Assert.NotNull(await client.GetManifestAsync(image, Stop));
    }

    [Fact]
    public async Task an_identity_token_is_exchanged_in_a_form()
    {
        LoopbackServer? registry = null;
        registry = Serve(exchange => exchange.Path == "/token"
            ? exchange.AnswerAsync(200, """{"access_token":"t"}""")
            : exchange["Authorization"] is not null
                ? Registries.AnswerManifestAsync(exchange)
                : exchange.AnswerAsync(
                    401, ("WWW-Authenticate", $"Bearer realm=\"http://127.0.0.1:{registry!.Port}/token\",service=\"s\"")));
        var client = Client(Registries.Named(registry), RegistryCredentials.For(registry.Host, RegistryCredential.Identity("i&t")));

        await client.GetManifestAsync(registry.Repository.With(Tag.Parse("1.0.0")), Stop);

        Assert.Equal("POST /token", registry.Lines[1]);
        Assert.Equal(
            "grant_type=refresh_token&service=s&client_id=iris-operator&scope=repository%3Airis%3Apull&refresh_token=i%26t",
            registry.Requests[1].Text);
    }

    // Field report: GitLab, DigitalOcean and docker_auth have their token service at another host, which nothing could name.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_token_service_elsewhere_gets_credentials_only_if_it_is_named(bool isNamed)
    {
        var service = Serve(exchange => exchange.AnswerAsync(
            200, exchange["Authorization"] is null ? """{"token":"anonymous"}""" : """{"token":"robot"}"""));
        var registry = Serve(exchange => exchange["Authorization"] == "Bearer robot"
            ? Registries.AnswerManifestAsync(exchange)
            : exchange.AnswerAsync(401, ("WWW-Authenticate", $"Bearer realm=\"http://auth.test:{service.Port}/token\"")));
        var auth = new RegistryEndpoint { Host = RegistryHost.Parse($"auth.test:{service.Port}"), PlainHttp = true };
        var options = Registries.Named(registry);
        var client = Client(
            options with
            {
                Registries = [.. options.Registries, auth],
                TokenServices = isNamed ? [auth with { PlainHttp = false }] : [],
                Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]),
            },
            Registries.Credentials(registry));

        var asking = client.GetManifestAsync(registry.Repository.With(Tag.Parse("1.0.0")), Stop);

        if (isNamed)
        {
            Assert.NotNull(await asking);
            Assert.Equal(Registries.Basic, Assert.Single(service.Requests)["Authorization"]);
        }
        else
        {
            var error = await Assert.ThrowsAsync<RegistryException>(() => asking);
            Assert.Equal(RegistryProblem.Unauthorized, error.Problem);
            Assert.Contains($"http://auth.test:{service.Port}", error.Message, StringComparison.Ordinal);
            Assert.Contains("registries.tokenServices", error.Message, StringComparison.Ordinal);
            Assert.Null(Assert.Single(service.Requests)["Authorization"]);
        }
    }

    [Fact]
    public async Task a_token_service_elsewhere_that_asks_no_credentials_needs_no_name()
    {
        var service = Serve(exchange => exchange.AnswerAsync(200, """{"token":"anonymous"}"""));
        var registry = Serve(exchange => exchange["Authorization"] == "Bearer anonymous"
            ? Registries.AnswerManifestAsync(exchange)
            : exchange.AnswerAsync(401, ("WWW-Authenticate", $"Bearer realm=\"http://127.0.0.1:{service.Port}/token\"")));

        var client = Client(Registries.Named(registry, service));

        Assert.NotNull(await client.GetManifestAsync(registry.Repository.With(Tag.Parse("1.0.0")), Stop));
    }

    [Theory]
    [InlineData("/token")]
    [InlineData("token")]
    [InlineData("//127.0.0.1:{self}/token")]
    [InlineData("http://127.0.0.1:{service}/token")]
    public async Task a_realm_may_be_relative_or_at_another_port_of_the_registrys_host(string realm)
    {
        Task Answer(Exchange exchange) => exchange.AnswerAsync(
            200, exchange["Authorization"] == Registries.Basic ? """{"token":"robot"}""" : """{"token":"anonymous"}""");
        var service = Serve(Answer);
        LoopbackServer? registry = null;
        registry = Serve(exchange => exchange.Path == "/token" ? Answer(exchange)
            : exchange["Authorization"] == "Bearer robot" ? Registries.AnswerManifestAsync(exchange)
            : exchange.AnswerAsync(401, ("WWW-Authenticate", $"Bearer realm=\"{Realm()}\"")));

        var client = Client(Registries.Named(registry, service), Registries.Credentials(registry));

        Assert.NotNull(await client.GetManifestAsync(registry.Repository.With(Tag.Parse("1.0.0")), Stop));

        string Realm() => realm
            .Replace("{self}", $"{registry!.Port}", StringComparison.Ordinal)
            .Replace("{service}", $"{service.Port}", StringComparison.Ordinal);
    }
}
