using IrisOperator.Registry.Tests.Servers;
using IrisOperator.Testing;

namespace IrisOperator.Registry.Tests;

/// <summary>Requests of the client, and what it makes of answers, repetitions and refusals.</summary>
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
    [InlineData(501, RegistryProblem.Rejected)]
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

    // Field report: a registry that answers HEAD with 405 or 404 for a manifest it has became RegistryRejected.
    [Theory]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(400)]
    [InlineData(501)]
    public async Task a_registry_without_head_is_asked_by_get(int code)
    {
        var registry = Serve(exchange => exchange.Method == "HEAD"
            ? exchange.AnswerAsync(code)
            : exchange.Path.EndsWith("/1.0.0", StringComparison.Ordinal)
                ? Registries.AnswerManifestAsync(exchange)
                : exchange.AnswerAsync(404));
        var client = Client(Registries.Named(registry));

        Assert.Equal(
            Registries.Manifest.Descriptor, await client.HeadManifestAsync(registry.Repository.With(Tag.Parse("1.0.0")), Stop));
        Assert.Null(await client.HeadManifestAsync(registry.Repository.With(Tag.Parse("2.0.0")), Stop));
    }

    [Fact]
    public async Task a_registry_without_head_gets_the_blob()
    {
        var registry = Serve(exchange => exchange.AnswerAsync(
            exchange.Method switch { "HEAD" => 405, "PUT" => 201, _ => 202 }, ("Location", "/up/7")));

        await Client(Registries.Named(registry)).EnsureBlobAsync(registry.Repository, MediaTypes.Config, [1, 2, 3], Stop);

        Assert.Equal(["HEAD", "POST", "PATCH", "PUT"], registry.Requests.Select(request => request.Method));
    }

    private static Func<Exchange, Task> Answers(params Func<Exchange, Task>[] answers)
    {
        var next = 0;
        return exchange => answers[next++](exchange);
    }
}
