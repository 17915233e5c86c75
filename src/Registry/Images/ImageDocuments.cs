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
            var options = new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 32 };
            return JsonNode.Parse(utf8, null, options) as JsonObject ?? throw Invalid(what, "it is no JSON object");
        }
        catch (JsonException)
        {
            throw Invalid(what, "it is no JSON, or has a member twice");
        }
    }

    public static byte[] Write(JsonNode node)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, _compact))
        {
            node.WriteTo(writer);
        }

        return bytes.ToArray();
    }

    public static Descriptor ReadDescriptor(JsonNode? node, string what)
    {
        var descriptor = node as JsonObject;
        return descriptor is not null && Text(descriptor, "mediaType") is { } type
            && Digest.TryParse(Text(descriptor, "digest"), out var digest)
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

    /// <summary>Sorted; values of <paramref name="over"/> win.</summary>
    public static JsonObject Merge(JsonObject? under, IEnumerable<KeyValuePair<string, string>> over)
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in under ?? [])
        {
            if (value is JsonValue text && text.TryGetValue<string>(out var content))
            {
                all[name] = content;
            }
        }

        foreach (var (name, value) in over)
        {
            all[name] = value;
        }

        return new JsonObject(all.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
    }

    /// <summary>From labels or annotations of a base: its licence is not that of what others put on top.</summary>
    public static void RemoveLicense(JsonNode? map) => (map as JsonObject)?.Remove("org.opencontainers.image.licenses");

    public static JsonArray Array(JsonObject parent, string member, string what) =>
        parent[member] as JsonArray ?? throw Invalid(what, $"it has no list \"{member}\"");

    public static string? Text(JsonObject parent, string member) =>
        parent[member] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static RegistryException Invalid(string what, string why) => new(RegistryProblem.InvalidAnswer, $"{what}: {why}");
}
