using IrisOperator.Registry.Tests.Servers;
using IrisOperator.Testing;

namespace IrisOperator.Registry.Tests;

public sealed class UploadTests : LoopbackTests<SkippingTimeProvider>
{
    private static readonly byte[] _content = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 31))];
    private static readonly Descriptor _blob = new("x", Digest.Of(_content), _content.Length);

    [Fact]
    public async Task an_upload_goes_on_where_the_registry_stands()
    {
        var stored = new List<byte>();
        var cut = false;
        var registry = Serve(async exchange =>
        {
            switch (exchange.Method)
            {
                case "HEAD":
                    await exchange.AnswerAsync(404);
                    break;
                case "PATCH" when !cut && stored.Count > 0:
                    // Half of the second chunk arrives.
                    cut = true;
                    stored.AddRange(exchange.Body.Take(exchange.Body.Length / 2));
                    await exchange.ResetAsync();
                    break;
                case "PATCH":
                    Assert.StartsWith($"{stored.Count}-", exchange["Content-Range"], StringComparison.Ordinal);
                    stored.AddRange(exchange.Body);
                    break;
            }

            var code = exchange.Method switch { "PUT" => 201, "GET" => 204, _ => 202 };
            await exchange.AnswerAsync(code, ("Location", $"/up/1?at={stored.Count}"), ("Range", $"0-{Math.Max(0, stored.Count - 1)}"));
        });
        var client = Client(Registries.Named(registry) with { UploadChunkBytes = 30_000, MaxRetries = 2 });

        var uploading = client.EnsureBlobAsync(registry.Repository, _blob, null, Open, Stop);

        await uploading;
        Assert.Equal(_content, stored);
        Assert.Single(registry.Requests, request => request.Method == "GET");
        Assert.Equal($"PUT /up/1?at=100000&digest={Uri.EscapeDataString(_blob.Digest.ToString())}", registry.Lines[^1]);
    }

    [Fact]
    public async Task an_upload_whose_session_is_lost_starts_over()
    {
        var stored = new List<byte>();
        var starts = 0;
        var registry = Serve(async exchange =>
        {
            switch (exchange.Method)
            {
                case "HEAD":
                    await exchange.AnswerAsync(404);
                    return;
                case "POST":
                    starts++;
                    stored.Clear();
                    break;
                case "PATCH" when starts == 1 && stored.Count > 0:
                    await exchange.AnswerAsync(404, """{"errors":[{"code":"BLOB_UPLOAD_UNKNOWN"}]}""");
                    return;
                case "PATCH":
                    stored.AddRange(exchange.Body);
                    break;
            }

            await exchange.AnswerAsync(exchange.Method == "PUT" ? 201 : 202, ("Location", "/up/1"));
        });

        var uploading = Client(Registries.Named(registry) with { UploadChunkBytes = 30_000 })
            .EnsureBlobAsync(registry.Repository, _blob, null, Open, Stop);

        await uploading;
        Assert.Equal(_content, stored);
        Assert.Equal(2, starts);
    }

    [Fact]
    public async Task an_upload_is_given_up_when_the_third_session_is_lost()
    {
        var registry = Serve(exchange => exchange.Method is "HEAD" or "PATCH"
            ? exchange.AnswerAsync(404)
            : exchange.AnswerAsync(202, ("Location", "/up/1")));

        var error = await Assert.ThrowsAsync<RegistryException>(
            () => Client(Registries.Named(registry)).EnsureBlobAsync(registry.Repository, _blob, null, Open, Stop));

        Assert.Equal(RegistryProblem.NotFound, error.Problem);
        Assert.Equal(3, registry.Requests.Count(request => request.Method == "POST"));
        Assert.Equal([1, 2], Time.Pauses.Select(pause => pause.TotalSeconds));
    }

    [Fact]
    public async Task a_chunk_that_never_arrives_is_sent_again_as_often_as_the_options_say_in_each_session()
    {
        var registry = Serve(exchange => exchange.Method switch
        {
            "PATCH" => exchange.ResetAsync(),
            "HEAD" => exchange.AnswerAsync(404),
            var method => exchange.AnswerAsync(method == "GET" ? 204 : 202, ("Location", "/up/1"), ("Range", "0-0")),
        });

        var error = await Assert.ThrowsAsync<RegistryException>(() => Client(Registries.Named(registry) with { MaxRetries = 2 })
            .EnsureBlobAsync(registry.Repository, _blob, null, Open, Stop));

        Assert.Equal(RegistryProblem.Unreachable, error.Problem);
        Assert.Equal(9, registry.Requests.Count(request => request.Method == "PATCH"));
        Assert.Equal(6, registry.Requests.Count(request => request.Method == "GET"));
    }

    [Fact]
    public async Task an_upload_whose_last_answer_is_lost_is_found_and_not_repeated()
    {
        var done = false;
        var registry = Serve(async exchange =>
        {
            if (exchange.Method == "PUT")
            {
                done = true;
                await exchange.ResetAsync();
                return;
            }

            await exchange.AnswerAsync(exchange.Method == "HEAD" ? (done ? 200 : 404) : 202, ("Location", "/up/1"));
        });

        var uploading = Client(Registries.Named(registry)).EnsureBlobAsync(registry.Repository, _blob, null, Open, Stop);

        await uploading;
        Assert.Single(registry.Requests, request => request.Method == "POST");
    }

    [Fact]
    public async Task a_mount_that_the_registry_does_not_do_becomes_an_upload_in_the_session_it_opened()
    {
        var registry = Serve(exchange => exchange.AnswerAsync(
            exchange.Method switch { "HEAD" => 404, "PUT" => 201, _ => 202 }, ("Location", "/up/7")));
        var from = RepositoryName.Parse($"{registry.Host}/base");

        await Client(Registries.Named(registry)).EnsureBlobAsync(registry.Repository, _blob, from, Open, Stop);

        Assert.Equal(["HEAD", "POST", "PATCH", "PUT"], registry.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task the_smallest_chunk_that_the_registry_takes_is_respected()
    {
        var registry = Serve(exchange => exchange.AnswerAsync(
            exchange.Method switch { "HEAD" => 404, "PUT" => 201, _ => 202 }, ("Location", "/up/7"), ("OCI-Chunk-Min-Length", "60000")));

        await Client(Registries.Named(registry) with { UploadChunkBytes = 1000 })
            .EnsureBlobAsync(registry.Repository, _blob, null, Open, Stop);

        Assert.Equal(
            [60_000, 40_000], registry.Requests.Where(request => request.Method == "PATCH").Select(request => request.Body.Length));
    }

    private static Task<Stream> Open(CancellationToken cancellationToken) => Task.FromResult<Stream>(new MemoryStream(_content));
}
