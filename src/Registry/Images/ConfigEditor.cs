using System.Globalization;
using System.Text.Json.Nodes;

namespace IrisOperator.Registry.Images;

/// <summary>The config of an image with one more layer. Pure.</summary>
internal static class ConfigEditor
{
    private const string CreatedBy = "iris-operator: append a layer";

    /// <param name="config">The base's.</param>
    /// <param name="layers">How many layers the base's manifest has.</param>
    /// <param name="change">What is put on top.</param>
    /// <param name="what">For messages.</param>
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

        var created = change.Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        diffs.Add((JsonNode)change.Layer.Descriptor.Digest.ToString());
        root["created"] = created;
        if (root["history"] is JsonArray history)
        {
            history.Add((JsonNode)new JsonObject { ["created"] = created, ["created_by"] = CreatedBy });
        }

        ImageDocuments.RemoveLicense((root["config"] as JsonObject)?["Labels"]);
        Configure(root, change);
        return ImageDocuments.Write(root);
    }

    private static void Configure(JsonObject root, ImageChange change)
    {
        if (change.Environment.Count == 0 && change.Labels.Count == 0)
        {
            return;
        }

        if (root["config"] is not JsonObject config)
        {
            root["config"] = config = [];
        }

        if (change.Environment.Count > 0)
        {
            config["Env"] = Environment(config["Env"] as JsonArray, change.Environment);
        }

        if (change.Labels.Count > 0)
        {
            config["Labels"] = ImageDocuments.Merge(config["Labels"] as JsonObject, change.Labels);
        }
    }

    // The base's order is kept, for later entries may refer to what earlier ones set; ours follow, sorted.
    private static JsonArray Environment(JsonArray? under, IReadOnlyDictionary<string, string> over)
    {
        var result = new JsonArray();
        foreach (var entry in under ?? [])
        {
            if (entry is JsonValue value && value.TryGetValue<string>(out var text) && !over.ContainsKey(text.Split('=', 2)[0]))
            {
                result.Add((JsonNode)text);
            }
        }

        foreach (var (name, value) in over.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            result.Add((JsonNode)$"{name}={value}");
        }

        return result;
    }
}
