using System.Text.Json.Nodes;

namespace IrisOperator.Registry.Images;

/// <summary>
/// Puts one layer on a base image without a builder, by the registry's protocol alone. Of a base for several platforms each image gets the
/// layer. Base layers are not touched: what the target repository lacks is mounted when the registry is the same, and copied through when
/// it is not. The same base, layer and change give the same digest.
/// </summary>
/// <remarks>
/// A Docker base becomes an OCI image, whose layers are the same bytes under OCI's type names. Attestations and the licence are left out:
/// they are about the base. Annotations <c>org.opencontainers.image.base.digest</c> and <c>.base.name</c> say what the base was.
/// </remarks>
public sealed class ImageAppender(RegistryClient client)
{
    private const int MaxPlatforms = 32;
    private const int MaxLayers = 127;

    /// <summary>Stores everything in the target repository by digest. No tag is written: <see cref="ImagePublisher"/> does that.</summary>
    /// <exception cref="RegistryException">With <see cref="RegistryProblem.Unsupported"/> for a base with foreign layers or nested
    /// indexes.</exception>
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
                throw new RegistryException(
                    RegistryProblem.Unsupported,
                    $"{what}: expected at most {MaxPlatforms} images, found more or {Quote(descriptor.MediaType)}");
            }

            var appended = ImageDocuments.WriteDescriptor(await AppendToEntryAsync(from, descriptor, target, change, cancellationToken));
            if (entry["platform"] is { } platform)
            {
                appended["platform"] = platform.DeepClone();
            }

            entries.Add((JsonNode)appended);
        }

        return entries.Count == 0
            ? throw ImageDocuments.Invalid(what, "it names no image")
            : await StoreAsync(target, MediaTypes.Index, new JsonObject
            {
                ["schemaVersion"] = 2,
                ["mediaType"] = MediaTypes.Index,
                ["manifests"] = entries,
                ["annotations"] = ImageDocuments.Merge(null, change.Annotations),
            }, cancellationToken);
    }

    private async Task<Descriptor> AppendToEntryAsync(
        RepositoryName from, Descriptor entry, RepositoryName target, ImageChange change, CancellationToken cancellationToken)
    {
        var image = await client.GetManifestAsync(from.With(entry.Digest), cancellationToken);
        return image.IsIndex
            ? throw new RegistryException(RegistryProblem.Unsupported, $"index in {from}: an index within an index, {entry.Digest}")
            : (await AppendToImageAsync(from, image, target, change, cancellationToken)).Descriptor;
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
            throw new RegistryException(
                RegistryProblem.Unsupported,
                $"{what}: expected an image with a config and under {MaxLayers} layers, not an artifact of another kind");
        }

        var config = ConfigEditor.Append(await client.ReadBlobAsync(from, configDescriptor, cancellationToken), layers.Length, change,
        $"config of {what}");
        foreach (var layer in layers)
        {
            await client.EnsureBlobAsync(target, layer, from, token => client.OpenBlobAsync(from, layer, token), cancellationToken);
        }

        var newConfig = new Descriptor(MediaTypes.Config, Digest.Of(config), config.Length);
        await client.EnsureBlobAsync(target, newConfig, null, _ => Task.FromResult<Stream>(new MemoryStream(config)), cancellationToken);
        ImageDocuments.RemoveLicense(root["annotations"]);
        return await StoreAsync(target, MediaTypes.Manifest, new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = MediaTypes.Manifest,
            ["config"] = ImageDocuments.WriteDescriptor(newConfig),
            ["layers"] = new JsonArray([.. layers.Append(change.Layer.Descriptor).Select(ImageDocuments.WriteDescriptor)]),
            ["annotations"] = ImageDocuments.Merge(root["annotations"] as JsonObject, change.Annotations),
        }, cancellationToken);
    }

    private async Task<Manifest> StoreAsync(RepositoryName target, string type, JsonObject content, CancellationToken cancellationToken)
    {
        var manifest = new Manifest(type, ImageDocuments.Write(content));
        await client.PutManifestAsync(target, manifest, tag: null, cancellationToken);
        return manifest;
    }

    // The bytes of a layer with addresses of its own are elsewhere, where anybody could have put them: never fetched from there.
    private static Descriptor OciLayer(JsonNode? node, string what)
    {
        var layer = ImageDocuments.ReadDescriptor(node, what);
        return MediaTypes.ToOci(layer.MediaType) is { } type && type != MediaTypes.Config && node?["urls"] is null
            ? layer with { MediaType = type }
            : throw new RegistryException(
                RegistryProblem.Unsupported,
                $"{what}: a layer of type {Quote(layer.MediaType)}, or one that is kept outside the registry");
    }

    // As docker's buildx marks them.
    private static bool IsAttestation(JsonObject entry) =>
        (entry["annotations"] as JsonObject)?["vnd.docker.reference.type"] is not null
        || (entry["platform"] is JsonObject platform && ImageDocuments.Text(platform, "os") == "unknown");

    private static Dictionary<string, string> WithBase(
        IReadOnlyDictionary<string, string> annotations, ImageReference baseImage, Digest digest)
    {
        var all = new Dictionary<string, string>(annotations)
        {
            ["org.opencontainers.image.base.digest"] = digest.ToString(),
        };
        if (baseImage.Tag is not null)
        {
            all["org.opencontainers.image.base.name"] = $"{baseImage.Repository}:{baseImage.Tag}";
        }

        return all;
    }
}
