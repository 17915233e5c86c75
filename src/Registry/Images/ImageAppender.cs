using System.Text.Json.Nodes;

namespace IrisOperator.Registry.Images;

/// <summary>
/// Puts one layer on a base image without a builder, by the registry's protocol alone. Of a base for several platforms each image gets the
/// layer. Base layers are not touched: what the target repository lacks is mounted when the registry is the same, and copied through when
/// it is not. The same base, layer and change give the same digest.
/// </summary>
/// <remarks>
/// A Docker base becomes an OCI image, whose layers are the same bytes under OCI's type names. Attestations, and labels and annotations
/// <c>org.opencontainers.image.*</c> are left out: they are about the base. <c>….base.digest</c> and <c>….base.name</c> say what it was.
/// </remarks>
public sealed class ImageAppender(RegistryClient client)
{
    private const int MaxPlatforms = 32;
    private const int MaxLayers = 127;

    /// <summary>Stores everything in the target repository by digest. No tag is written: <see cref="ImagePublisher"/> does that.</summary>
    /// <exception cref="RegistryException"><see cref="RegistryProblem.Unsupported"/>: foreign layers or nested indexes.</exception>
    public async Task<AppendedImage> AppendAsync(
        ImageReference baseImage, RepositoryName target, ImageChange change, CancellationToken cancellationToken = default)
    {
        var root = await client.GetManifestAsync(baseImage, cancellationToken);
        var annotated = change with { Annotations = WithBase(change.Annotations, baseImage, root.Digest) };
        await client.EnsureBlobAsync(target, change.Layer.Descriptor, null, _ => Task.FromResult(change.Layer.Open()), cancellationToken);
        var manifest = root.IsIndex
            ? await AppendToIndexAsync(baseImage.Repository, root, target, annotated, cancellationToken)
            : await AppendToImageAsync(baseImage.Repository, root, target, annotated, cancellationToken);
        return new AppendedImage(target, manifest, root.Digest);
    }

    private async Task<Manifest> AppendToIndexAsync(
        RepositoryName from, Manifest index, RepositoryName target, ImageChange change, CancellationToken cancellationToken)
    {
        var what = $"index {from}@{index.Digest}";
        var entries = new JsonArray();
        foreach (var entry in ImageDocuments.Array(ImageDocuments.Parse(index.Bytes.Span, what), "manifests", what).OfType<JsonObject>())
        {
            if (IsAttestation(entry))
            {
                continue;
            }

            var descriptor = ImageDocuments.ReadDescriptor(entry, what);
            if (!MediaTypes.IsManifest(descriptor.MediaType) || entries.Count == MaxPlatforms)
            {
                throw Unsupported($"{what}: expected at most {MaxPlatforms} images, found more or {Quote(descriptor.MediaType)}");
            }

            var image = await client.GetManifestAsync(from.With(descriptor.Digest), cancellationToken);
            var appended = ImageDocuments.WriteDescriptor(image.IsIndex
                ? throw Unsupported($"index in {from}: an index within an index, {descriptor.Digest}")
                : (await AppendToImageAsync(from, image, target, change, cancellationToken)).Descriptor);
            if (entry["platform"] is { } platform)
            {
                appended["platform"] = platform.DeepClone();
            }

            entries.Add((JsonNode)appended);
        }

        return entries.Count == 0
            ? throw ImageDocuments.Invalid(what, "it names no image")
            : await StoreAsync(target, ImageDocuments.WriteManifest(
                MediaTypes.Index, new("manifests", entries), new("annotations", ImageDocuments.Merge(null, change.Annotations))),
                cancellationToken);
    }

    private async Task<Manifest> AppendToImageAsync(
        RepositoryName from, Manifest image, RepositoryName target, ImageChange change, CancellationToken cancellationToken)
    {
        var what = $"image {from}@{image.Digest}";
        var root = ImageDocuments.Parse(image.Bytes.Span, what);
        var configDescriptor = ImageDocuments.ReadDescriptor(root["config"], what);
        var layers = ImageDocuments.Array(root, "layers", what).Select(layer => OciLayer(layer, what)).ToArray();
        if (MediaTypes.ToOci(configDescriptor.MediaType) != MediaTypes.Config || layers.Length >= MaxLayers)
        {
            throw Unsupported($"{what}: expected an image with a config and under {MaxLayers} layers, not an artifact of another kind");
        }

        var config = ConfigEditor.Append(
            await client.ReadBlobAsync(from, configDescriptor, cancellationToken), layers.Length, change, $"config of {what}");
        foreach (var layer in layers)
        {
            await client.EnsureBlobAsync(target, layer, from, token => client.OpenBlobAsync(from, layer, token), cancellationToken);
        }

        var newConfig = await client.EnsureBlobAsync(target, MediaTypes.Config, config, cancellationToken);
        return await StoreAsync(target, ImageDocuments.WriteManifest(
            MediaTypes.Manifest,
            new("config", ImageDocuments.WriteDescriptor(newConfig)),
            new("layers", new JsonArray([.. layers.Append(change.Layer.Descriptor).Select(ImageDocuments.WriteDescriptor)])),
            new("annotations", ImageDocuments.Merge(root["annotations"], change.Annotations))), cancellationToken);
    }

    private async Task<Manifest> StoreAsync(RepositoryName target, Manifest manifest, CancellationToken cancellationToken)
    {
        await client.PutManifestAsync(target, manifest, tag: null, cancellationToken);
        return manifest;
    }

    // The bytes of a layer with addresses of its own are elsewhere, where anyone could have put them: never fetched from there.
    private static Descriptor OciLayer(JsonNode? node, string what)
    {
        var layer = ImageDocuments.ReadDescriptor(node, what);
        return MediaTypes.ToOci(layer.MediaType) is { } type && type != MediaTypes.Config && node?["urls"] is null
            ? layer with { MediaType = type }
            : throw Unsupported($"{what}: a layer of type {Quote(layer.MediaType)}, or one that is kept outside the registry");
    }

    private static RegistryException Unsupported(string what) => new(RegistryProblem.Unsupported, what);

    // As docker's buildx marks them.
    private static bool IsAttestation(JsonObject entry) =>
        (entry["annotations"] as JsonObject)?["vnd.docker.reference.type"] is not null
        || (entry["platform"] is JsonObject platform && ImageDocuments.Text(platform["os"]) == "unknown");

    private static Dictionary<string, string> WithBase(
        IReadOnlyDictionary<string, string> annotations, ImageReference baseImage, Digest digest)
    {
        var all = new Dictionary<string, string>(annotations) { [ImageAnnotation.BaseDigest] = digest.ToString() };
        if (baseImage.Tag is not null)
        {
            all[ImageAnnotation.BaseName] = $"{baseImage.Repository}:{baseImage.Tag}";
        }

        return all;
    }
}

/// <summary>What is put on top of a base image.</summary>
public sealed record ImageChange
{
    public required TarLayer Layer { get; init; }

    /// <summary>
    /// Of the manifest and, where the base is one, of the index. They replace the base's of the same name. Those of the OCI
    /// (<c>org.opencontainers.image.*</c>) are labels of the config, too.
    /// </summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Added to the config's; they replace the base's of the same name.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}

/// <summary>An image that is stored in its repository by digest and has no tag yet.</summary>
/// <param name="Manifest">A manifest, or an index where the base is one.</param>
/// <param name="BaseDigest">What the base reference meant.</param>
public sealed record AppendedImage(RepositoryName Repository, Manifest Manifest, Digest BaseDigest);
