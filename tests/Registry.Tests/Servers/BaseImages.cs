using System.Globalization;
using System.Text;
using IrisOperator.Registry.Images;
using IrisOperator.Testing;

namespace IrisOperator.Registry.Tests.Servers;

/// <summary>Small base images of two layers, always the same, and what tests put on them.</summary>
internal static class BaseImages
{
    private static readonly string[] _architectures = ["amd64", "arm64"];

    public static IEnumerable<Digest> LayerDigests(int platform) => Layers(platform).Select(layer => Digest.Of(layer));

    /// <summary>An image, or with two platforms an index that has an attestation too.</summary>
    public static async Task<Manifest> PushAsync(
        RegistryClient client, RepositoryName repository, string tag, int platforms, CancellationToken cancellationToken,
        string? license = null)
    {
        var entries = new List<string>();
        Manifest? image = null;
        for (var platform = 0; platform < platforms; platform++)
        {
            image = await PushImageAsync(client, repository, platform, license, cancellationToken);
            entries.Add(Entry(image, $$"""{"architecture":"{{_architectures[platform]}}","os":"linux"}"""));
        }

        if (platforms > 1)
        {
            entries.Add(Entry(image!, """{"architecture":"unknown","os":"unknown"}"""));
            var text = $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.DockerIndex}}","manifests":[{{string.Join(',', entries)}}]}""";
            image = new Manifest(MediaTypes.DockerIndex, Encoding.UTF8.GetBytes(text));
        }

        await client.PutManifestAsync(repository, image!, Tag.Parse(tag), cancellationToken);
        return image!;
    }

    public static ImageChange Change(string model = "{\"trees\":[]}") => new()
    {
        Layer = TarLayer.Create(
            [new LayerFile("model/model.json", Encoding.UTF8.GetBytes(model)), new LayerFile("model/manifest.json", "{}"u8.ToArray())]),
        Annotations = new Dictionary<string, string> { ["iris-operator.dev/accuracy"] = "0.9733", ["a"] = "b" },
        Environment = new Dictionary<string, string> { ["MODEL"] = "/model", ["ADDED"] = "ü" },
    };

    /// <summary>Images that differ in their models, stored and without a version.</summary>
    public static async Task<IReadOnlyList<AppendedImage>> AppendedAsync(
        RegistryClient client, DebianRegistry server, int count, CancellationToken cancellationToken)
    {
        var bases = server.Repository("bases");
        await PushAsync(client, bases, "1.0.0", platforms: 1, cancellationToken);
        var images = new List<AppendedImage>();
        for (var i = 0; i < count; i++)
        {
            var change = Change(i.ToString(CultureInfo.InvariantCulture));
            images.Add(await new ImageAppender(client).AppendAsync(
                bases.With(Tag.Parse("1.0.0")), server.Repository("iris"), change, cancellationToken));
        }

        return images;
    }

    private static async Task<Manifest> PushImageAsync(
        RegistryClient client, RepositoryName repository, int platform, string? license, CancellationToken cancellationToken)
    {
        var named = license is null
            ? ""
            : $$"""{"org.opencontainers.image.licenses":"{{license}}","of":"the base","org.opencontainers.image.title":"iris-serving","""
            + "\"org.opencontainers.image.version\":\"0.1.0\"}";
        var layers = Layers(platform);
        var diffs = string.Join(',', layers.Select(layer => $"\"{Digest.Of([.. layer, 0])}\""));
        var config = Encoding.UTF8.GetBytes(
            $$$"""{"architecture":"{{{_architectures[platform]}}}","os":"linux","config":"""
            + """{"Env":["PATH=/bin","MODEL=none"],"Entrypoint":["/serve"]"""
            + (license is null ? "" : $",\"Labels\":{named}")
            + """},"x-unknown":1.50,"history":"""
            + $$$"""[{"created_by":"base"}],"rootfs":{"type":"layers","diff_ids":[{{{diffs}}}]},"created":"2026-01-01T00:00:00Z"}""");
        foreach (var blob in layers.Append(config))
        {
            await client.EnsureBlobAsync(repository, "", blob, cancellationToken);
        }

        var descriptors = layers.Select(layer => Json(Describe("application/vnd.docker.image.rootfs.diff.tar.gzip", layer)));
        var text = $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.DockerManifest}}","config":"""
            + Json(Describe("application/vnd.docker.container.image.v1+json", config))
            + $$""","layers":[{{string.Join(',', descriptors)}}]"""
            + (license is null ? "}" : $$""","annotations":{{named}}}""");
        var manifest = new Manifest(MediaTypes.DockerManifest, Encoding.UTF8.GetBytes(text));
        await client.PutManifestAsync(repository, manifest, null, cancellationToken);
        return manifest;
    }

    private static byte[][] Layers(int platform) =>
        [Encoding.UTF8.GetBytes($"first layer {platform}"), [.. Enumerable.Range(0, 5000).Select(i => (byte)(i + platform))]];

    private static Descriptor Describe(string type, byte[] content) => new(type, Digest.Of(content), content.Length);

    private static string Json(Descriptor descriptor) =>
        $$"""{"mediaType":"{{descriptor.MediaType}}","size":{{descriptor.Size}},"digest":"{{descriptor.Digest}}"}""";

    private static string Entry(Manifest image, string platform) =>
        $$"""{"mediaType":"{{image.MediaType}}","size":{{image.Bytes.Length}},"digest":"{{image.Digest}}","platform":{{platform}}}""";
}
