using System.Text.Json.Nodes;
using IrisOperator.Registry.Authentication;
using IrisOperator.Registry.Images;
using IrisOperator.Registry.Tests.Servers;
using IrisOperator.Registry.Versions;
using IrisOperator.Testing;

namespace IrisOperator.Registry.Tests.Images;

/// <summary>Images that are made and published on a registry that people run: Debian's docker-registry.</summary>
public sealed class PublishedImageTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task the_same_input_gives_the_same_digest_and_base_layers_never_travel()
    {
        await using var server = await DebianRegistry.StartAsync(Stop);
        var client = server.Client;
        var bases = server.Repository("bases/serving");
        var target = server.Repository("team/iris");
        var image = await BaseImages.PushAsync(client, bases, "1.0.0", platforms: 1, Stop);
        var appender = new ImageAppender(client);
        var before = server.AccessLog().Count;

        var first = await appender.AppendAsync(bases.With(image.Digest), target, BaseImages.Change(), Stop);
        var log = server.AccessLog().Skip(before).ToArray();

        Assert.Equal("sha256:84c69ccbf6b8576c0fcf4b8ad06a762f1a6cded1ae75e87f88a31e689fa2cbab", first.Manifest.Digest.ToString());
        Assert.Equal(image.Digest, first.BaseDigest);
        foreach (var layer in BaseImages.LayerDigests(platform: 0))
        {
            Assert.DoesNotContain($"GET /v2/bases/serving/blobs/{layer}", log);
            Assert.Contains($"POST /v2/team/iris/blobs/uploads/?mount={Uri.EscapeDataString(layer.ToString())}&from=bases%2Fserving", log);
        }

        // Two blobs are new: the layer and the config.
        Assert.Equal(2, log.Count(line => line.StartsWith("PATCH", StringComparison.Ordinal)));

        before = server.AccessLog().Count;
        var again = await appender.AppendAsync(bases.With(image.Digest), target, BaseImages.Change(), Stop);
        Assert.Equal(first.Manifest.Digest, again.Manifest.Digest);
        Assert.DoesNotContain(server.AccessLog().Skip(before), line =>
            line.StartsWith("PATCH", StringComparison.Ordinal) || line.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task another_registry_gets_the_base_copied_once()
    {
        await using var from = await DebianRegistry.StartAsync(Stop);
        await using var to = await DebianRegistry.StartAsync(Stop);
        using var transport = new RegistryTransport(new RegistryOptions
        {
            Registries = [.. from.Options.Registries, .. to.Options.Registries],
            UploadChunkBytes = 1000,
        });
        var client = new RegistryClient(transport, RegistryCredentials.None);
        var bases = from.Repository("serving");
        await BaseImages.PushAsync(client, bases, "1.0.0", platforms: 1, Stop);

        var image = await new ImageAppender(client).AppendAsync(
            bases.With(Tag.Parse("1.0.0")), to.Repository("iris"), BaseImages.Change(), Stop);

        // The annotations name the base, wherever it is, so the digest differs from the other test's; the layers do not.
        var manifest = JsonNode.Parse((await client.GetManifestAsync(to.Repository("iris").With(image.Manifest.Digest), Stop)).Bytes.Span)!;
        Assert.Equal(3, manifest["layers"]!.AsArray().Count);
        foreach (var layer in BaseImages.LayerDigests(platform: 0))
        {
            Assert.Single(from.AccessLog(), line => line == $"GET /v2/serving/blobs/{layer}");
            Assert.True(await client.HasBlobAsync(to.Repository("iris"), layer, Stop));
        }
    }

    [Fact]
    public async Task an_index_keeps_its_platforms_and_loses_its_attestations()
    {
        await using var server = await DebianRegistry.StartAsync(Stop);
        var client = server.Client;
        var bases = server.Repository("serving");
        await BaseImages.PushAsync(client, bases, "1.0.0", platforms: 2, Stop);

        var change = BaseImages.Change();
        var image = await new ImageAppender(client).AppendAsync(bases.With(Tag.Parse("1.0.0")), server.Repository("iris"), change, Stop);

        Assert.True(image.Manifest.IsIndex);
        var entries = JsonNode.Parse(image.Manifest.Bytes.Span)!["manifests"]!.AsArray();
        Assert.Equal(["amd64", "arm64"], entries.Select(entry => entry!["platform"]!["architecture"]!.GetValue<string>()));
        foreach (var entry in entries)
        {
            var manifest = await client.GetManifestAsync(
                server.Repository("iris").With(Digest.Parse(entry!["digest"]!.GetValue<string>())), Stop);
            var layers = JsonNode.Parse(manifest.Bytes.Span)!["layers"]!.AsArray();
            Assert.Equal(change.Layer.Descriptor.Digest.ToString(), layers[^1]!["digest"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task title_version_and_licence_of_the_base_are_not_claimed_for_what_is_put_on_it()
    {
        const string prefix = "org.opencontainers.image.";
        await using var server = await DebianRegistry.StartAsync(Stop);
        var client = server.Client;
        var bases = server.Repository("serving");
        await BaseImages.PushAsync(client, bases, "1.0.0", platforms: 1, Stop, license: "Apache-2.0");
        var change = BaseImages.Change();

        var (labels, annotations) = await AppendAsync(change);
        Assert.Equal("the base", (string?)labels["of"]);
        Assert.Equal([$"{prefix}base.digest", $"{prefix}base.name"], OfImage(labels).Select(label => label.Key));
        Assert.Equal("the base", (string?)annotations["of"]);
        Assert.Equal(OfImage(labels), OfImage(annotations));

        var own = new Dictionary<string, string> { [$"{prefix}licenses"] = "CC-BY-4.0", [$"{prefix}title"] = "mine", ["else"] = "where" };
        (labels, annotations) = await AppendAsync(change with { Annotations = own });
        Assert.Equal(["CC-BY-4.0", "mine"], OfImage(labels).Skip(2).Select(label => label.Value));
        Assert.Equal(OfImage(labels), OfImage(annotations));
        Assert.Equal((null, "where"), (labels["else"], (string?)annotations["else"]));

        static IEnumerable<(string Key, string? Value)> OfImage(JsonNode map) =>
            from member in map.AsObject()
            where member.Key.StartsWith(prefix, StringComparison.Ordinal)
            select (member.Key, (string?)member.Value);

        async Task<(JsonNode Labels, JsonNode Annotations)> AppendAsync(ImageChange what)
        {
            var target = server.Repository("iris");
            var image = await new ImageAppender(client).AppendAsync(bases.With(Tag.Parse("1.0.0")), target, what, Stop);
            var manifest = JsonNode.Parse(image.Manifest.Bytes.Span)!;
            var config = await client.ReadBlobAsync(target, ImageDocuments.ReadDescriptor(manifest["config"], "config"), Stop);
            return (JsonNode.Parse(config)!["config"]!["Labels"]!, manifest["annotations"]!);
        }
    }

    [Fact]
    public async Task a_version_is_never_overwritten()
    {
        await using var server = await DebianRegistry.StartAsync(Stop);
        var client = server.Client;
        var publisher = new ImagePublisher(client);
        var images = await BaseImages.AppendedAsync(client, server, 2, Stop);
        var version = Tag.Parse("1.0.0");

        Assert.Equal(images[0].Manifest.Digest, (await publisher.PublishAsync(images[0], version, Stop)).Digest);
        Assert.Equal(images[0].Manifest.Digest, (await publisher.PublishAsync(images[0], version, Stop)).Digest);
        var error = await Assert.ThrowsAsync<RegistryException>(() => publisher.PublishAsync(images[1], version, Stop));

        Assert.Equal(RegistryProblem.AlreadyExists, error.Problem);
        Assert.Equal(images[0].Manifest.Digest, (await client.HeadManifestAsync(images[0].Repository.With(version), Stop))!.Digest);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task publishers_at_the_same_time_get_versions_of_their_own(bool deletion)
    {
        await using var server = await DebianRegistry.StartAsync(Stop, deletion: deletion);
        var client = server.Client;
        var images = await BaseImages.AppendedAsync(client, server, 6, Stop);
        var series = VersionSeries.Parse("1.0");

        var published = await Task.WhenAll(
            images.Select(image => Task.Run(() => new ImagePublisher(client).PublishNextAsync(image, series, Stop))));

        Assert.Equal(6, published.Select(one => one.Tag).Distinct().Count());
        foreach (var (image, version) in images.Zip(published))
        {
            Assert.Equal(image.Manifest.Digest, (await client.HeadManifestAsync(image.Repository.With(version.Tag), Stop))!.Digest);
            var claim = ClaimTag.For(version.Tag, version.Digest).Tag;
            Assert.Equal(deletion, await client.HeadManifestAsync(image.Repository.With(claim), Stop) is null);
        }

        // The newest again is not another version; and the next image gets the number after all of them.
        var newest = images.Zip(published).MaxBy(pair => Patch(pair.Second.Tag));
        Assert.Equal(newest.Second, await new ImagePublisher(client).PublishNextAsync(newest.First, series, Stop));
        var next = (await BaseImages.AppendedAsync(client, server, 7, Stop))[6];
        var later = await new ImagePublisher(client).PublishNextAsync(next, series, Stop);
        Assert.True(Patch(later.Tag) > published.Max(one => Patch(one.Tag)));
        static int Patch(Tag tag) => int.Parse(tag.Text.Split('.')[2], System.Globalization.CultureInfo.InvariantCulture);
    }
}
