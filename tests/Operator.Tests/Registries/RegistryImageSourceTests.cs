using IrisOperator.Operator.Registries;
using IrisOperator.Registry;
using IrisOperator.Testing;

namespace IrisOperator.Operator.Tests.Registries;

/// <summary>The operator's looks at a registry that people run, and what they cost it.</summary>
public sealed class RegistryImageSourceTests
{
    private const string Path = "team/iris";

    private static readonly Dictionary<string, FoundImage> Nothing = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ten_thousand_tags_cost_ten_pages_for_all_ranges_and_none_for_exact_versions()
    {
        await using var registry = await DebianRegistry.StartAsync(Stop);
        var client = registry.Client;
        var image = await PushAsync(client, registry.Repository(Path));
        registry.WriteTags(Path, image, Enumerable.Range(0, 10_000).Select(i => $"{i / 1000}.{i / 10 % 100}.{i % 10}"));
        var source = new RegistryImageSource(() => client);

        var before = registry.AccessLog().Count;
        var found = await source.GetVersionsAsync($"{registry.Host}/{Path}", ["7.x", "^3.1", ">=1.0 <2.0", "4.5.6", "99.x"], Nothing, Stop);
        var asked = registry.AccessLog().Skip(before).ToList();

        Assert.Equal(
            ["7.99.9", "3.99.9", "1.99.9", "4.5.6", null],
            new[] { "7.x", "^3.1", ">=1.0 <2.0", "4.5.6", "99.x" }.Select(version => found[version].Found?.Version));
        Assert.All(found.Values.Select(view => view.Found).OfType<FoundImage>(), one => Assert.Equal(image.ToString(), one.Digest));
        Assert.InRange(asked.Count(line => line.Contains("/tags/list", StringComparison.Ordinal)), 1, 11);
        Assert.InRange(asked.Count(line => line.Contains("/manifests/", StringComparison.Ordinal)), 4, 10);

        before = registry.AccessLog().Count;
        var known = found.Values.Select(view => view.Found).OfType<FoundImage>()
            .DistinctBy(one => one.Digest).ToDictionary(one => one.Digest);
        var exact = await source.GetVersionsAsync($"{registry.Host}/{Path}", ["4.5.6"], known, Stop);
        Assert.Equal("4.5.6", exact["4.5.6"].Found?.Version);
        Assert.Equal([$"HEAD /v2/{Path}/manifests/4.5.6"], registry.AccessLog().Skip(before));
    }

    [Fact]
    public async Task a_registry_without_the_version_is_told_from_one_without_the_repository()
    {
        await using var registry = await DebianRegistry.StartAsync(Stop);
        var client = registry.Client;
        var image = await PushAsync(client, registry.Repository(Path));
        registry.WriteTags(Path, image, ["1.0.0", "v2.0.0"]);
        var source = new RegistryImageSource(() => client);

        var found = await source.GetVersionsAsync($"{registry.Host}/{Path}", ["3.x", "3.0.0", "2.0.0"], Nothing, Stop);
        Assert.Null(found["3.x"].Found);
        Assert.Null(found["3.0.0"].Found);
        Assert.Equal("v2.0.0", found["2.0.0"].Found?.Version);
        Assert.Null((await source.GetVersionsAsync($"{registry.Host}/{Path}", ["3.0.0"], Nothing, Stop))["3.0.0"].Found);
        foreach (var version in new[] { "1.x", "1.0.0" })
        {
            var error = await Assert.ThrowsAsync<ImageSourceException>(
                () => source.GetVersionsAsync($"{registry.Host}/team/nothing", [version], Nothing, Stop));
            Assert.Equal("RepositoryNotFound", error.Problem.Reason);
        }
    }

    [Fact]
    public async Task tags_with_leading_zeros_are_not_passed_over_in_silence()
    {
        await using var registry = await DebianRegistry.StartAsync(Stop);
        var client = registry.Client;
        var image = await PushAsync(client, registry.Repository(Path));
        var source = new RegistryImageSource(() => client);
        registry.WriteTags(Path, image, ["2021.12.1", "2022.04.3", "latest", "main", $"sha256-{new string('0', 64)}.sig"]);

        var one = await source.GetVersionsAsync($"{registry.Host}/{Path}", [">=1.0.0", "9.x", "2021.12.1"], Nothing, Stop);
        registry.WriteTags(Path, image, ["1.2", "20220403", "release-1.2.3"]);
        var more = await source.GetVersionsAsync($"{registry.Host}/{Path}", [">=1.0.0"], Nothing, Stop);

        const string Told = "1 tag was passed over as no semantic version, for example 2022.04.3: minor version has leading zero";
        Assert.Equal(("2021.12.1", Told), (one[">=1.0.0"].Found?.Version, one[">=1.0.0"].PassedOver));
        Assert.Equal((null, Told), (one["9.x"].Found?.Version, one["9.x"].PassedOver));
        Assert.Null(one["2021.12.1"].PassedOver);
        Assert.StartsWith(
            "4 tags were passed over as no semantic version, for example release-1.2.3: ",
            more[">=1.0.0"].PassedOver, StringComparison.Ordinal);
    }

    private static async Task<Contracts.Digest> PushAsync(RegistryClient client, RepositoryName repository)
    {
        var manifest = new Manifest(
            MediaTypes.Index, """{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"""u8.ToArray());
        await client.PutManifestAsync(repository, manifest, Tag.Parse("0.0.1"), Stop);
        return manifest.Digest;
    }
}
