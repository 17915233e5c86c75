using System.Text;
using IrisOperator.Registry.Authentication;
using IrisOperator.Registry.Tests.Servers;
using IrisOperator.Registry.Versions;
using IrisOperator.Testing;

namespace IrisOperator.Registry.Tests;

public sealed class RegistryClientTests : LoopbackTests<SkippingTimeProvider>
{
    [Fact]
    public async Task pages_are_followed_to_the_end()
    {
        var registry = Serve(exchange => exchange.Target.Contains("last=b", StringComparison.Ordinal)
            ? exchange.AnswerAsync(200, """{"tags":["c"]}""")
            : exchange.AnswerAsync(200, """{"tags":["a","b"]}""", ("Link", "</v2/iris/tags/list?last=b&n=2>; rel=\"next\"")));

        var tags = await Client(Registries.Named(registry)).ListTagsAsync(registry.Repository, Stop).ToListAsync(Stop);

        Assert.Equal(["a", "b", "c"], tags.Select(tag => tag.Text));
        Assert.Equal(["GET /v2/iris/tags/list?n=1000", "GET /v2/iris/tags/list?last=b&n=2"], registry.Lines);
    }

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

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task a_request_that_is_put_off_is_sent_again_when_the_registry_said(int code)
    {
        var registry = Serve(Answers(exchange => exchange.AnswerAsync(code, ("Retry-After", "3")), Registries.AnswerManifestAsync));

        var asking = Client(Registries.Named(registry) with { MaxRetries = 1 })
            .GetManifestAsync(registry.Repository.With(Tag.Parse("1.0.0")), Stop);

        Assert.NotNull(await asking);
        Assert.Equal([TimeSpan.FromSeconds(3)], Time.Pauses);
        Assert.Equal(2, registry.Requests.Count);
    }

    [Fact]
    public async Task a_manifest_whose_blob_is_missing_for_a_moment_is_stored_after_it()
    {
        var registry = Serve(Answers(
            exchange => exchange.AnswerAsync(400, """{"errors":[{"code":"MANIFEST_BLOB_UNKNOWN"}]}"""),
            exchange => exchange.AnswerAsync(201)));

        await Client(Registries.Named(registry) with { MaxRetries = 1 })
            .PutManifestAsync(registry.Repository, Registries.Manifest, null, Stop);

        Assert.Equal(2, registry.Requests.Count);
    }

    [Fact]
    public async Task a_registry_that_asks_for_a_long_pause_is_left_alone()
    {
        var registry = Serve(exchange => exchange.AnswerAsync(429, ("Retry-After", "3600")));

        var error = await Assert.ThrowsAsync<RegistryException>(
            () => Client(Registries.Named(registry) with { MaxRetries = 3 })
                .GetManifestAsync(registry.Repository.With(Tag.Parse("1.0.0")), Stop));

        Assert.Equal(RegistryProblem.RateLimited, error.Problem);
        Assert.Equal(TimeSpan.FromHours(1), error.RetryAfter);
        Assert.True(error.IsTransient);
        Assert.Single(registry.Requests);
    }

    [Fact]
    public async Task a_broken_connection_is_tried_again_with_growing_pauses_and_then_told()
    {
        // In the middle of an answer: before it, the HTTP client itself tries a new connection three times.
        var registry = Serve(async exchange =>
        {
            await exchange.WriteAsync("HTTP/1.1 2"u8.ToArray());
            await exchange.ResetAsync();
        });

        var asking = Client(Registries.Named(registry) with { MaxRetries = 3 })
            .GetManifestAsync(registry.Repository.With(Tag.Parse("1.0.0")), Stop);

        Assert.Equal(RegistryProblem.Unreachable, (await Assert.ThrowsAsync<RegistryException>(() => asking)).Problem);
        Assert.Equal(4, registry.Requests.Count);
        Assert.Equal([0.5, 1, 2], Time.Pauses.Select(pause => pause.TotalSeconds));
    }

    [Theory]
    [InlineData(401, RegistryProblem.Unauthorized)]
    [InlineData(403, RegistryProblem.Forbidden)]
    [InlineData(404, RegistryProblem.NotFound)]
    [InlineData(405, RegistryProblem.Rejected)]
    [InlineData(413, RegistryProblem.TooLarge)]
    [InlineData(429, RegistryProblem.RateLimited)]
    [InlineData(500, RegistryProblem.ServerError)]
    [InlineData(503, RegistryProblem.ServerError)]
    [InlineData(304, RegistryProblem.InvalidAnswer)]
    public async Task refusals_have_a_problem_and_say_what_was_asked(int code, RegistryProblem expected)
    {
        var registry = Serve(exchange => exchange.AnswerAsync(code, """{"errors":[{"code":"TOOMANYREQUESTS"}]}"""));

        var error = await Assert.ThrowsAsync<RegistryException>(
            () => Client(Registries.Named(registry)).GetManifestAsync(registry.Repository.With(Tag.Parse("1.0.0")), Stop));

        Assert.Equal(expected, error.Problem);
        Assert.StartsWith($"GET {registry.Host}/v2/iris/manifests/1.0.0: {code}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task nobody_at_the_address_is_unreachable()
    {
        var registry = new LoopbackServer(Registries.AnswerManifestAsync);
        var options = Registries.Named(registry);
        var image = registry.Repository.With(Tag.Parse("1.0.0"));
        await registry.DisposeAsync();

        Assert.Equal(
            RegistryProblem.Unreachable,
            (await Assert.ThrowsAsync<RegistryException>(() => Client(options).GetManifestAsync(image, Stop))).Problem);
    }

    [Fact]
    public async Task the_callers_cancellation_is_a_cancellation()
    {
        var registry = Serve(exchange => exchange.HangAsync());
        using var stop = new CancellationTokenSource();

        var asking = Client(Registries.Named(registry)).GetManifestAsync(registry.Repository.With(Tag.Parse("1.0.0")), stop.Token);
        await ManualTimeProvider.UntilAsync(() => registry.Requests.Count == 1);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    public async Task a_digest_may_come_in_the_etag_or_not_at_all()
    {
        var etag = Serve(exchange => exchange.AnswerAsync(
            200, ("Content-Type", MediaTypes.Manifest), ("ETag", $"\"{Registries.Manifest.Digest}\"")));
        var nothing = Serve(exchange => exchange.AnswerAsync(
            200, Registries.Manifest.Bytes.ToArray(), ("Content-Type", MediaTypes.Manifest)));
        var client = Client(Registries.Named(etag, nothing));

        Assert.Equal(Registries.Manifest.Digest, (await client.HeadManifestAsync(etag.Repository.With(Tag.Parse("1")), Stop))!.Digest);
        Assert.Equal(Registries.Manifest.Descriptor, await client.HeadManifestAsync(nothing.Repository.With(Tag.Parse("1")), Stop));
        Assert.Equal(["HEAD /v2/iris/manifests/1", "GET /v2/iris/manifests/1"], nothing.Lines);
    }

    [Fact]
    public async Task a_version_that_was_deleted_since_it_was_listed_is_passed_over()
    {
        var registry = Serve(exchange => exchange.Path switch
        {
            "/v2/iris/tags/list" => exchange.AnswerAsync(200, """{"tags":["1.0.0","1.2.0","1.1.0","latest","2.0.0"]}"""),
            var path => exchange.AnswerAsync(
                path.EndsWith("1.2.0", StringComparison.Ordinal) ? 404 : 200,
                ("Content-Type", MediaTypes.Manifest),
                ("Docker-Content-Digest", Digest.Of(Encoding.UTF8.GetBytes(path)).ToString())),
        });
        var client = Client(Registries.Named(registry));

        var best = await VersionResolver.ResolveAsync(client, registry.Repository, VersionRange.Parse("1.x"), Stop);

        Assert.Equal("1.1.0", best!.Tag!.Text);
        Assert.Equal(Digest.Of("/v2/iris/manifests/1.1.0"u8), best.Digest);
        Assert.Null(await VersionResolver.ResolveAsync(client, registry.Repository, VersionRange.Parse("7.x"), Stop));
    }

    [Fact]
    public async Task an_exact_version_needs_no_list()
    {
        var registry = Serve(exchange => exchange.Path.EndsWith("v1.2.3", StringComparison.Ordinal)
            ? exchange.AnswerAsync(200, ("Content-Type", MediaTypes.Manifest), ("Docker-Content-Digest", Digest.Of([]).ToString()))
            : exchange.AnswerAsync(404));

        var found = await VersionResolver.ResolveAsync(
            Client(Registries.Named(registry)), registry.Repository, VersionRange.Parse("1.2.3"), Stop);

        Assert.Equal("v1.2.3", found!.Tag!.Text);
        Assert.Equal(["HEAD /v2/iris/manifests/1.2.3", "HEAD /v2/iris/manifests/v1.2.3"], registry.Lines);
    }

    private static Func<Exchange, Task> Answers(params Func<Exchange, Task>[] answers)
    {
        var next = 0;
        return exchange => answers[next++](exchange);
    }
}
