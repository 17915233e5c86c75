using System.Text;
using IrisOperator.Registry.Authentication;
using IrisOperator.Registry.Images;
using IrisOperator.Registry.Tests.Servers;
using IrisOperator.Registry.Versions;
using IrisOperator.Testing;

namespace IrisOperator.Registry.Tests.Images;

public sealed class ImagePublisherTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // Each round is another order in which the requests of all publishers reach the registry.
    [Theory]
    [InlineData(2, true)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(3, false)]
    public async Task no_order_of_requests_gives_two_images_one_version(int publishers, bool deletion)
    {
        for (var seed = 0; seed < 25; seed++)
        {
            await using var registry = new MemoryRegistry(seed, publishers, deletion);
            using var transport = new RegistryTransport(Registries.Named(registry.Server), new SkippingTimeProvider());

            var published = await Task.WhenAll(Enumerable.Range(0, publishers).Select(i => PublishAsync(registry, transport, i)));

            Assert.True(
                registry.Writes.Select(write => write.Tag).Distinct().Count() == registry.Writes.Count,
                $"seed {seed}: a version was written twice");
            Assert.Equal(registry.Writes.Order(), published.Select(one => (one.Tag.Text, one.Digest)).Order());
        }
    }

    [Fact]
    public async Task a_number_of_any_length_has_a_next_one_until_tags_are_too_short()
    {
        await using var registry = new MemoryRegistry(0, 1, deletion: true);
        using var transport = new RegistryTransport(Registries.Named(registry.Server), new SkippingTimeProvider());
        var client = new RegistryClient(transport, RegistryCredentials.None);
        var (first, second) = (Image(registry, 0), Image(registry, 1));

        await client.PutManifestAsync(first.Repository, first.Manifest, Tag.Parse("1.0.2301010000"), Stop);
        await client.PutManifestAsync(first.Repository, first.Manifest, Tag.Parse($"1.1.{new string('9', 90)}"), Stop);

        Assert.Equal("1.0.2301010001", (await NextAsync("1.0")).Tag.Text);
        Assert.Equal(RegistryProblem.Unsupported, (await Assert.ThrowsAsync<RegistryException>(() => NextAsync("1.1"))).Problem);

        Task<PublishedImage> NextAsync(string series) =>
            new ImagePublisher(client).PublishNextAsync(second, VersionSeries.Parse(series), Stop);
    }

    [Fact]
    public async Task a_publisher_that_died_after_its_claim_comes_back_to_its_number_while_it_is_the_next()
    {
        await using var registry = new MemoryRegistry(0, 1, deletion: true);
        using var transport = new RegistryTransport(Registries.Named(registry.Server), new SkippingTimeProvider());
        var client = new RegistryClient(transport, RegistryCredentials.None);
        var (mine, other) = (Image(registry, 0), Image(registry, 1));
        var publisher = new ImagePublisher(client);

        await ClaimAsync("1.0.0");
        Assert.Equal("1.0.0", await NextAsync(mine));
        Assert.Equal("1.0.0", await NextAsync(mine));
        await ClaimAsync("1.0.1");

        // The number stays unused, for what comes later has to be higher.
        Assert.Equal("1.0.2", await NextAsync(other));
        Assert.Equal("1.0.3", await NextAsync(mine));
        Assert.Equal("2.3.0", await NextAsync(mine, "2.3"));

        Task ClaimAsync(string version) =>
            client.PutManifestAsync(mine.Repository, mine.Manifest, ClaimTag.For(Tag.Parse(version), mine.Manifest.Digest).Tag, Stop);
        async Task<string> NextAsync(AppendedImage image, string series = "1.0") =>
            (await publisher.PublishNextAsync(image, VersionSeries.Parse(series), Stop)).Tag.Text;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task what_was_published_last_is_the_newest_even_if_it_was_there_before(bool deletion)
    {
        await using var registry = new MemoryRegistry(0, 1, deletion);
        using var transport = new RegistryTransport(Registries.Named(registry.Server), new SkippingTimeProvider());
        var publisher = new ImagePublisher(new RegistryClient(transport, RegistryCredentials.None));
        var versions = new List<string>();
        foreach (var number in new[] { 0, 1, 0, 0, 1 })
        {
            versions.Add((await publisher.PublishNextAsync(Image(registry, number), VersionSeries.Parse("1.0"), Stop)).Tag.Text);
        }

        Assert.Equal(["1.0.0", "1.0.1", "1.0.2", "1.0.2", "1.0.3"], versions);
    }

    [Fact]
    public async Task a_registry_whose_list_lags_behind_is_no_place_to_claim_versions()
    {
        var registry = new LoopbackServer(exchange => exchange.Path.EndsWith("/tags/list", StringComparison.Ordinal)
            ? exchange.AnswerAsync(200, """{"tags":["1.0.4"]}""")
            : exchange.AnswerAsync(
                exchange.Method is "HEAD" or "GET" && exchange.Path.Contains("/manifests/", StringComparison.Ordinal) ? 404 : 200));
        await using var _ = registry;
        using var transport = new RegistryTransport(Registries.Named(registry), new SkippingTimeProvider());
        var image = new AppendedImage(registry.Repository, Registries.Manifest, Digest.Of([]));
        var publisher = new ImagePublisher(new RegistryClient(transport, RegistryCredentials.None));

        var error = await Assert.ThrowsAsync<RegistryException>(
            () => publisher.PublishNextAsync(image, VersionSeries.Parse("1.0"), Stop));

        Assert.Equal(RegistryProblem.InvalidAnswer, error.Problem);
        Assert.Contains("claim-1.0.5-", error.Message, StringComparison.Ordinal);
    }

    private static async Task<PublishedImage> PublishAsync(MemoryRegistry registry, RegistryTransport transport, int number)
    {
        try
        {
            var client = new RegistryClient(transport, RegistryCredentials.None);
            return await new ImagePublisher(client).PublishNextAsync(Image(registry, number), VersionSeries.Parse("1.0"), Stop);
        }
        finally
        {
            registry.Finished();
        }
    }

    private static AppendedImage Image(MemoryRegistry registry, int number)
    {
        var text = Encoding.UTF8.GetString(Registries.Manifest.Bytes.Span)
            .Replace("\"size\":2", $"\"size\":{number}", StringComparison.Ordinal);
        return new AppendedImage(
            registry.Server.Repository, new Manifest(MediaTypes.Manifest, Encoding.UTF8.GetBytes(text)), Digest.Of([]));
    }
}
