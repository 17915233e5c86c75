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

    [Fact]
    public async Task a_named_token_host_gets_the_credentials()
    {
        var service = Serve(exchange => exchange.AnswerAsync(500));
        var registry = Serve(exchange => exchange.AnswerAsync(
            401, ("WWW-Authenticate", $"Bearer realm=\"https://127.0.0.1:{service.Port}/token\"")));
        var options = new RegistryOptions
        {
            Registries =
            [
                new RegistryEndpoint { Host = registry.Host, PlainHttp = true, TokenHosts = [service.Host] },
                new RegistryEndpoint { Host = service.Host },
            ],
            MaxRetries = 0,
        };

        var error = await Assert.ThrowsAsync<RegistryException>(
            () => Client(options, Registries.Credentials(registry)).GetManifestAsync(registry.Repository.With(Tag.Parse("1.0.0")), Stop));

        // The service speaks no TLS, and nothing is said to it otherwise; but it was asked.
        Assert.NotEqual(RegistryProblem.RefusedRealm, error.Problem);
        Assert.Equal(1, service.Connections);
        Assert.Empty(service.Requests);
    }
}
