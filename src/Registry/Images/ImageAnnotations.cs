using System.Text.Json.Nodes;

namespace IrisOperator.Registry.Images;

/// <summary>What a manifest or an index says of itself.</summary>
public static class ImageAnnotations
{
    /// <summary>Those that are texts; empty where there are none. Anybody may have written them.</summary>
    /// <exception cref="RegistryException">With <see cref="RegistryProblem.InvalidAnswer"/> for what is no JSON object.</exception>
    public static IReadOnlyDictionary<string, string> Read(Manifest manifest)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var document = ImageDocuments.Parse(manifest.Bytes.Span, $"manifest {manifest.Digest}");
        foreach (var (name, value) in document["annotations"] as JsonObject ?? [])
        {
            if (value is JsonValue text && text.TryGetValue<string>(out var content))
            {
                found[name] = content;
            }
        }

        return found;
    }
}
