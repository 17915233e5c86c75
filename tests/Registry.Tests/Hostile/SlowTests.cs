using IrisOperator.Registry.Tests.Servers;
using IrisOperator.Testing;

namespace IrisOperator.Registry.Tests.Hostile;

public sealed class SlowTests : HostileRegistry
{
    [Theory]
    [InlineData("/v2/iris/manifests/1.0.0")]
    [InlineData("/v2/iris/tags/list")]
    public async Task silence_ends_at_theTime_limit(string path)
    {
        var registry = Serve(exchange => exchange.HangAsync());
        var client = Client(Registries.Named(registry));

        Task asking = path.EndsWith("list", StringComparison.Ordinal)
            ? client.ListTagsAsync(registry.Repository, Stop).ToListAsync(Stop).AsTask()
            : client.GetManifestAsync(registry.Repository.With(Tag.Parse("1.0.0")), Stop);
        await ManualTimeProvider.UntilAsync(() => registry.Requests.Count == 1);
        Time.Advance(TimeSpan.FromSeconds(29.9));
        Assert.False(asking.IsCompleted);
        Time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Equal(RegistryProblem.TooSlow, (await Assert.ThrowsAsync<RegistryException>(() => asking)).Problem);
    }

    [Fact]
    public async Task manifest_in_drips_ends_at_theTime_limit()
    {
        var registry = Serve(async exchange =>
        {
            await exchange.StartAsync(200, ("Content-Type", MediaTypes.Manifest), ("Content-Length", "1000"));
            await exchange.WriteAsync("{"u8.ToArray());
            await exchange.HangAsync();
        });

        var asking = Client(Registries.Named(registry)).GetManifestAsync(registry.Repository.With(Tag.Parse("1.0.0")), Stop);
        await ManualTimeProvider.UntilAsync(() => registry.Requests.Count == 1);
        Time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(RegistryProblem.TooSlow, (await Assert.ThrowsAsync<RegistryException>(() => asking)).Problem);
    }

    [Fact]
    public async Task upload_that_the_registry_does_not_read_ends_at_theTime_limit()
    {
        var registry = Serve(exchange => exchange.Method == "PATCH"
            ? exchange.HangAsync()
            : exchange.AnswerAsync(exchange.Method == "HEAD" ? 404 : 202, ("Location", "/up/7")));

        var uploading = Client(Registries.Named(registry)).EnsureBlobAsync(
            registry.Repository, new Descriptor("x", Digest.Of("x"u8), 1),
            null, _ => Task.FromResult<Stream>(new MemoryStream("x"u8.ToArray())), Stop);
        for (var start = 1; start <= 3; start++)
        {
            await ManualTimeProvider.UntilAsync(() => registry.Requests.Count(request => request.Method == "PATCH") == start);
            Time.Advance(TimeSpan.FromSeconds(31));
            if (start < 3)
            {
                await Time.TimerAsync(TimeSpan.FromSeconds(1));
                Time.Advance(TimeSpan.FromSeconds(5));
            }
        }

        Assert.Equal(RegistryProblem.TooSlow, (await Assert.ThrowsAsync<RegistryException>(() => uploading)).Problem);
    }

    // A byte every few seconds keeps any time limit between two reads happy.
    [Fact]
    public async Task blob_in_drips_is_given_up_after_a_window_without_progress()
    {
        var drip = new SemaphoreSlim(0);
        var registry = Serve(async exchange =>
        {
            await exchange.StartAsync(200, ("Content-Length", "100000"));
            while (true)
            {
                await exchange.WriteAsync("x"u8.ToArray());
                await drip.WaitAsync(exchange.Stopping);
            }
        });
        var client = Client(Registries.Named(registry));
        await using var stream = await client.OpenBlobAsync(registry.Repository, new Descriptor("x", Digest.Of([]), 100_000), Stop);
        var drops = 0;

        var error = await Assert.ThrowsAsync<RegistryException>(async () =>
        {
            for (; drops < 100; drops++)
            {
                var reading = stream.ReadAsync(new byte[100], Stop).AsTask();
                if (drops > 0)
                {
                    Time.Advance(TimeSpan.FromSeconds(5));
                    drip.Release();
                }

                await reading;
            }
        });

        Assert.Equal(RegistryProblem.TooSlow, error.Problem);
        Assert.InRange(drops, 5, 8);
    }
}
