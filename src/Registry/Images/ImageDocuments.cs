using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IrisOperator.Registry.Images;

/// <summary>
/// Reads and writes manifests and configs as trees, so that members we do not know keep their place and value. Objects that we make have
/// their members in a fixed order, and maps are sorted: the same input gives the same bytes.
/// </summary>
internal static class ImageDocuments
{
    private static readonly JsonWriterOptions _compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="RegistryException">Not a JSON object, or one with a member twice.</exception>
    public static JsonObject Parse(ReadOnlySpan<byte> utf8, string what)
    {
        try
        {
            // An escape that is half of a character would be found only where the text is used.
            var reader = new Utf8JsonReader(utf8);
            while (reader.Read())
            {
                _ = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? reader.GetString() : null;
            }

            var options = new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 32 };
            return JsonNode.Parse(utf8, null, options) as JsonObject ?? throw Invalid(what, "it is no JSON object");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Invalid(what, "it is no JSON, or has a member twice");
        }
    }

    public static byte[] Write(JsonNode node)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(bytes, _compact);
        node.WriteTo(writer);
        writer.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    public static Manifest WriteManifest(string mediaType, params IEnumerable<KeyValuePair<string, JsonNode?>> members) =>
        new(mediaType, Write(new JsonObject([new("schemaVersion", 2), new("mediaType", mediaType), .. members])));

    public static Descriptor ReadDescriptor(JsonNode? node, string what)
    {
        var descriptor = node as JsonObject;
        return descriptor is not null && Text(descriptor["mediaType"]) is { } type
            && Digest.TryParse(Text(descriptor["digest"]), out var digest)
            && descriptor["size"] is JsonValue value && value.TryGetValue<long>(out var size) && size >= 0
            ? new Descriptor(type, digest, size)
            : throw Invalid(what, "a descriptor in it lacks a type, a digest or a size");
    }

    public static JsonObject WriteDescriptor(Descriptor descriptor) => new()
    {
        ["mediaType"] = descriptor.MediaType,
        ["digest"] = descriptor.Digest.ToString(),
        ["size"] = descriptor.Size,
    };

    /// <summary>The members that are texts.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Texts(JsonNode? map) =>
        (map as JsonObject ?? []).Where(member => Text(member.Value) is not null)
            .Select(member => KeyValuePair.Create(member.Key, Text(member.Value)!));

    /// <summary>
    /// Labels or annotations of an image on a base, sorted; values of <paramref name="over"/> win. What the base says of itself by the
    /// names of the OCI (title, version, licence, source and so on) is not true of what others put on top, and is left out.
    /// </summary>
    public static JsonObject Merge(JsonNode? under, IEnumerable<KeyValuePair<string, string>> over) => new(
        Texts(under).Where(pair => !IsOfImage(pair.Key)).Concat(over)
            .GroupBy(pair => pair.Key).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => KeyValuePair.Create(group.Key, (JsonNode?)group.Last().Value)));

    /// <summary>True for the names by which the OCI describes an image, as annotation or as label.</summary>
    public static bool IsOfImage(string name) => name.StartsWith("org.opencontainers.image.", StringComparison.Ordinal);

    public static JsonArray Array(JsonObject parent, string member, string what) =>
        parent[member] as JsonArray ?? throw Invalid(what, $"it has no list \"{member}\"");

    public static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static RegistryException Invalid(string what, string why) => new(RegistryProblem.InvalidAnswer, $"{what}: {why}");
}

/// <summary>What a manifest or an index says of itself.</summary>
public static class ImageAnnotations
{
    /// <summary>Annotations that are strings; empty where there are none. Not to be trusted: anybody who may push writes them.</summary>
    /// <exception cref="RegistryException">With <see cref="RegistryProblem.InvalidAnswer"/> for what is no JSON object.</exception>
    public static IReadOnlyDictionary<string, string> Read(Manifest manifest) =>
        ImageDocuments.Texts(ImageDocuments.Parse(manifest.Bytes.Span, $"manifest {manifest.Digest}")["annotations"]).ToDictionary();
}

/// <summary>The config of an image with one more layer. Pure.</summary>
internal static class ConfigEditor
{
    private const string CreatedBy = "iris-operator: append a layer";

    // What the image says of its age: fixed, or the same input would make another digest every time.
    private const string Created = "1970-01-01T00:00:00Z";

    /// <param name="layers">How many layers the base's manifest has.</param>
    /// <exception cref="RegistryException">The config does not fit the manifest.</exception>
    public static byte[] Append(ReadOnlySpan<byte> config, int layers, ImageChange change, string what)
    {
        var root = ImageDocuments.Parse(config, what);
        var diffs = ImageDocuments.Array(
            root["rootfs"] as JsonObject ?? throw ImageDocuments.Invalid(what, "it has no \"rootfs\""), "diff_ids", what);
        if (diffs.Count != layers)
        {
            throw ImageDocuments.Invalid(what, $"it has {diffs.Count} diff_ids for the {layers} layers of the manifest");
        }

        diffs.Add((JsonNode)change.Layer.Descriptor.Digest.ToString());
        root["created"] = Created;
        (root["history"] as JsonArray)?.Add((JsonNode)new JsonObject { ["created"] = Created, ["created_by"] = CreatedBy });
        var settings = root["config"] as JsonObject;
        root["config"] = settings ??= [];
        settings["Labels"] = ImageDocuments.Merge(
            settings["Labels"], change.Annotations.Where(annotation => ImageDocuments.IsOfImage(annotation.Key)));
        if (change.Environment.Count > 0)
        {
            settings["Env"] = Environment(settings["Env"] as JsonArray, change.Environment);
        }

        return ImageDocuments.Write(root);
    }

    // The base's order is kept, for later entries may refer to what earlier ones set; ours follow, sorted.
    private static JsonArray Environment(JsonArray? under, IReadOnlyDictionary<string, string> over)
    {
        var kept = (under ?? []).Select(ImageDocuments.Text).OfType<string>().Where(entry => !over.ContainsKey(entry.Split('=', 2)[0]));
        var added = over.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}");
        return new JsonArray([.. kept.Concat(added).Select(entry => JsonValue.Create(entry))]);
    }
}
