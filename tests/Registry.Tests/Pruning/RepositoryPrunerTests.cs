using System.Text;
using IrisOperator.Registry.Authentication;
using IrisOperator.Registry.Images;
using IrisOperator.Registry.Pruning;
using IrisOperator.Registry.Tests.Servers;
using IrisOperator.Testing;

namespace IrisOperator.Registry.Tests.Pruning;

/// <summary>On Debian's docker-registry, which deletes by digest only; and on registries that do worse.</summary>
public sealed class RepositoryPrunerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task old_versions_go_and_what_is_used_can_still_be_pulled()
    {
        await using var server = await DebianRegistry.StartAsync(Stop);
        var client = server.Client;
        var images = await VersionsAsync(client, server, 5);
        var repository = images[0].Repository;
        await client.PutManifestAsync(repository, images[1].Manifest, Tag.Parse("stable"), Stop);

        // Left by a publisher from a time when the registry deleted nothing.
        var claim = ClaimTag.For(Tag.Parse("1.0.2"), images[2].Manifest.Digest).Tag;
        await client.PutManifestAsync(repository, images[4].Manifest, claim, Stop);

        var dry = await PruneAsync(client, repository, dryRun: true);
        Assert.Equal(7, (await TagsAsync(client, repository)).Count);
        var result = await PruneAsync(client, repository);
        var again = await PruneAsync(client, repository);

        // 1.0.0 is kept by its digest, 1.0.1 is stable too.
        Assert.Equal(["1.0.2"], dry.Removed.Select(tag => tag.Text));
        Assert.Equal(["1.0.2"], result.Removed.Select(tag => tag.Text));
        Assert.Equal(["1.0.0", "1.0.1"], result.InUse.Select(tag => tag.Text));
        Assert.Equal((0, null), (result.Left, result.Problem));
        Assert.Empty(again.Removed);
        Assert.Equal(["1.0.0", "1.0.1", "1.0.3", "1.0.4", claim.Text, "stable"], await TagsAsync(client, repository));
        Assert.Equal(images[0].Manifest.Digest, (await client.GetManifestAsync(repository.With(Tag.Parse("1.0.0")), Stop)).Digest);

        Task<PruneResult> PruneAsync(RegistryClient by, RepositoryName of, bool dryRun = false) =>
            new RepositoryPruner(by).PruneAsync(of, 2, KeepList.Parse([images[0].Manifest.Digest.ToString()]), dryRun, Stop);
    }

    [Fact]
    public async Task the_images_of_an_index_that_stays_stay_though_their_own_tags_are_old()
    {
        await using var server = await DebianRegistry.StartAsync(Stop);
        var client = server.Client;
        var repository = server.Repository("iris");
        var index = await BaseImages.PushAsync(client, repository, "1.0.0", platforms: 2, Stop);
        var part = Digest.Parse((string)System.Text.Json.Nodes.JsonNode.Parse(index.Bytes.Span)!["manifests"]![0]!["digest"]!);
        await client.PutManifestAsync(
            repository, await client.GetManifestAsync(repository.With(part), Stop), Tag.Parse("1.0.0-amd64"), Stop);
        foreach (var (image, patch) in (await BaseImages.AppendedAsync(client, server, 2, Stop)).Select((image, i) => (image, i)))
        {
            await client.PutManifestAsync(repository, image.Manifest, Tag.Parse($"1.1.{patch}"), Stop);
        }

        var byTag = await new RepositoryPruner(client).PruneAsync(repository, 1, KeepList.Parse(["1.0.0"]), dryRun: true, Stop);
        var byDigest = await new RepositoryPruner(client).PruneAsync(
            repository, 1, KeepList.Parse([index.Digest.ToString()]), dryRun: true, Stop);
        var unused = await new RepositoryPruner(client).PruneAsync(repository, 1, KeepList.Parse([]), dryRun: true, Stop);

        Assert.All([byTag, byDigest], result => Assert.Equal(["1.0.0-amd64", "1.0.0"], result.InUse.Select(tag => tag.Text)));
        Assert.Equal(["1.0.0-amd64", "1.0.0", "1.1.0"], unused.Removed.Select(tag => tag.Text));
    }

    [Fact]
    public async Task a_registry_that_deletes_nothing_says_so_and_nothing_is_told_as_removed()
    {
        await using var server = await DebianRegistry.StartAsync(Stop, deletion: false);
        var client = server.Client;
        var images = await VersionsAsync(client, server, 3);

        var result = await new RepositoryPruner(client).PruneAsync(images[0].Repository, 1, KeepList.Parse([]), dryRun: false, Stop);

        Assert.Equal(RegistryProblem.Rejected, result.Problem?.Problem);
        Assert.Contains("405 (UNSUPPORTED)", result.Problem!.Message, StringComparison.Ordinal);
        Assert.Equal((0, 2), (result.Removed.Count, result.Left));
    }

    [Fact]
    public async Task a_digest_that_is_tagged_or_claimed_meanwhile_stays()
    {
        var (claimed, tagged, old) = (Image("claimed"), Image("tagged"), Image("old"));
        var deleted = new List<string>();
        var lists = 0;
        await using var server = new LoopbackServer(exchange => (exchange.Method, Name(exchange.Path)) switch
        {
            (_, "list") => exchange.AnswerAsync(200, lists++ == 0
                ? """{"tags":["1.0.0","1.0.1","1.0.2","1.0.3"]}"""
                : $$"""{"tags":["1.0.0","1.0.1","1.0.2","1.0.3","1.0.4","{{ClaimTag.For(Tag.Parse("1.0.5"), claimed.Digest).Tag}}"]}"""),
            ("DELETE", var name) => DeleteAsync(exchange, name),
            (_, "1.0.0") => AnswerAsync(exchange, claimed),
            (_, "1.0.1" or "1.0.4") => AnswerAsync(exchange, tagged),
            (_, "1.0.2") => AnswerAsync(exchange, old),
            _ => AnswerAsync(exchange, Image("newest")),
        });
        using var transport = new RegistryTransport(Registries.Named(server), new SkippingTimeProvider());

        var pruner = new RepositoryPruner(new RegistryClient(transport, RegistryCredentials.None));
        var result = await pruner.PruneAsync(server.Repository, 1, KeepList.Parse([]), dryRun: false, Stop);

        Assert.Equal([old.Digest.ToString()], deleted);
        Assert.Equal(["1.0.2"], result.Removed.Select(tag => tag.Text));
        Assert.Equal(["1.0.0", "1.0.1"], result.InUse.Select(tag => tag.Text));

        static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

        Task DeleteAsync(Exchange exchange, string name)
        {
            deleted.Add(name);
            return exchange.AnswerAsync(202);
        }
    }

    [Theory]
    [InlineData(401, RegistryProblem.Unauthorized)]
    [InlineData(403, RegistryProblem.Forbidden)]
    [InlineData(500, RegistryProblem.ServerError)]
    public async Task what_was_removed_before_a_failure_is_told(int status, RegistryProblem problem)
    {
        var deletions = 0;
        await using var server = new LoopbackServer(exchange => exchange.Path.EndsWith("/list", StringComparison.Ordinal)
            ? exchange.AnswerAsync(200, """{"tags":["1.0.0","1.0.1","1.0.2"]}""")
            : exchange.Method == "DELETE" ? exchange.AnswerAsync(deletions++ == 0 ? 202 : status)
            : AnswerAsync(exchange, Image(exchange.Path)));
        using var transport = new RegistryTransport(Registries.Named(server), new SkippingTimeProvider());

        var pruner = new RepositoryPruner(new RegistryClient(transport, RegistryCredentials.None));
        var result = await pruner.PruneAsync(server.Repository, 1, KeepList.Parse([]), dryRun: false, Stop);

        Assert.Equal((problem, 1), (result.Problem?.Problem, result.Left));
        Assert.Equal(["1.0.0"], result.Removed.Select(tag => tag.Text));
    }

    [Fact]
    public async Task a_failed_look_removes_nothing()
    {
        await using var server = new LoopbackServer(exchange => exchange.Path.EndsWith("/list", StringComparison.Ordinal)
            ? exchange.AnswerAsync(200, """{"tags":["1.0.0","1.0.1","1.0.2"]}""")
            : exchange.Path.EndsWith("1.0.2", StringComparison.Ordinal)
                ? exchange.AnswerAsync(500)
                : AnswerAsync(exchange, Image(exchange.Path)));
        using var transport = new RegistryTransport(Registries.Named(server), new SkippingTimeProvider());
        var pruner = new RepositoryPruner(new RegistryClient(transport, RegistryCredentials.None));

        await Assert.ThrowsAsync<RegistryException>(() => pruner.PruneAsync(server.Repository, 1, KeepList.Parse([]), dryRun: false, Stop));

        Assert.DoesNotContain(server.Lines, line => line.StartsWith("DELETE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task too_many_tags_are_refused_before_one_is_looked_up()
    {
        var tags = string.Join(',', Enumerable.Range(0, RepositoryPruner.MaxTags + 1).Select(i => $"\"1.0.{i}\""));
        await using var server = new LoopbackServer(exchange => exchange.AnswerAsync(200, $$"""{"tags":[{{tags}}]}"""));
        using var transport = new RegistryTransport(Registries.Named(server), new SkippingTimeProvider());
        var pruner = new RepositoryPruner(new RegistryClient(transport, RegistryCredentials.None));

        var error = await Assert.ThrowsAsync<RegistryException>(
            () => pruner.PruneAsync(server.Repository, 1, KeepList.Parse([]), dryRun: false, Stop));

        Assert.Equal(RegistryProblem.TooLarge, error.Problem);
        Assert.Single(server.Lines);
    }

    [Fact]
    public async Task of_many_old_versions_only_so_many_go_at_a_time()
    {
        var tags = Enumerable.Range(0, RepositoryPruner.MaxRemoved + 5).Select(i => $"1.0.{i}").ToList();
        await using var server = new LoopbackServer(exchange => exchange.Path.EndsWith("/list", StringComparison.Ordinal)
            ? exchange.AnswerAsync(200, $$"""{"tags":[{{string.Join(',', tags.Select(tag => $"\"{tag}\""))}}]}""")
            : exchange.Method == "DELETE" ? exchange.AnswerAsync(202) : AnswerAsync(exchange, Image(exchange.Path)));
        using var transport = new RegistryTransport(Registries.Named(server), new SkippingTimeProvider());

        var pruner = new RepositoryPruner(new RegistryClient(transport, RegistryCredentials.None));
        var result = await pruner.PruneAsync(server.Repository, 1, KeepList.Parse([]), dryRun: false, Stop);

        Assert.Equal((RepositoryPruner.MaxRemoved, 4), (result.Removed.Count, result.Left));
        Assert.Equal(tags.Take(RepositoryPruner.MaxRemoved), result.Removed.Select(tag => tag.Text));
    }

    [Fact]
    public async Task a_repository_that_does_not_exist_needs_no_removal()
    {
        await using var server = await DebianRegistry.StartAsync(Stop);
        using var transport = new RegistryTransport(server.Options);

        var pruner = new RepositoryPruner(new RegistryClient(transport, RegistryCredentials.None));
        var result = await pruner.PruneAsync(server.Repository("none"), 1, KeepList.Parse(["1.x"]), dryRun: false, Stop);

        Assert.Equal((0, 0, 0), (result.Removed.Count, result.InUse.Count, result.Left));
    }

    private static async Task<IReadOnlyList<AppendedImage>> VersionsAsync(RegistryClient client, DebianRegistry server, int count)
    {
        var images = await BaseImages.AppendedAsync(client, server, count, Stop);
        foreach (var (image, patch) in images.Select((image, i) => (image, i)))
        {
            await client.PutManifestAsync(image.Repository, image.Manifest, Tag.Parse($"1.0.{patch}"), Stop);
        }

        return images;
    }

    private static async Task<IReadOnlyList<string>> TagsAsync(RegistryClient client, RepositoryName repository) =>
        await client.ListTagsAsync(repository, Stop).Select(tag => tag.Text).Order(StringComparer.Ordinal).ToListAsync(Stop);

    private static Manifest Image(string name)
    {
        var size = $"\"size\":{(uint)name.GetHashCode(StringComparison.Ordinal)}";
        var text = Encoding.UTF8.GetString(Registries.Manifest.Bytes.Span).Replace("\"size\":2", size, StringComparison.Ordinal);
        return new Manifest(MediaTypes.Manifest, Encoding.UTF8.GetBytes(text));
    }

    private static Task AnswerAsync(Exchange exchange, Manifest manifest) => exchange.AnswerAsync(
        200, manifest.Bytes.ToArray(), ("Content-Type", manifest.MediaType), ("Docker-Content-Digest", manifest.Digest.ToString()));
}
