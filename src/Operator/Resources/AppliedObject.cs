using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace IrisOperator.Operator.Resources;

/// <summary>An object to be applied, with the hash of itself among its annotations.</summary>
public static class AppliedObject
{
    /// <summary>The annotations to add to an object, computed from the object without them.</summary>
    public static Dictionary<string, string> HashOf<T>(T obj)
        where T : class, IKubernetesObject<V1ObjectMeta> => new Dictionary<string, string>
        {
            [Labels.AppliedHash] = Hash(16, obj, Kind<T>.JsonTypeInfo),
        };

    /// <summary>True when an apply would change nothing that is ours.</summary>
    public static bool IsCurrent<T>(T live, T wanted)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        live.GetAnnotation(Labels.AppliedHash) == wanted.GetAnnotation(Labels.AppliedHash)
        && Containment.Contains(Normalized(live), Normalized(wanted));

    private static JsonNode? Normalized<T>(T obj)
        where T : class, IKubernetesObject<V1ObjectMeta> => JsonSerializer.SerializeToNode(obj, Kind<T>.JsonTypeInfo);

    /// <summary>Metadata of a child that the owner controls; it goes with the owner.</summary>
    public static V1ObjectMeta MetadataFor(IKubernetesObject<V1ObjectMeta> owner, string name, IDictionary<string, string> labels) => new()
    {
        Name = name,
        NamespaceProperty = owner.Metadata.NamespaceProperty,
        Labels = labels,
        OwnerReferences = [owner.ToControllerReference()],
    };

    /// <summary>
    /// Hex digits of a SHA-256 over canonical JSON: members by name, nulls and empty collections left out. So it depends on what is in
    /// the object, and not on the order in which a library declares the members.
    /// </summary>
    public static string Hash<T>(int digits, T value, JsonTypeInfo<T> type)
    {
        using var document = JsonSerializer.SerializeToDocument(value, type);
        var canonical = new ArrayBufferWriter<byte>(4096);
        using var writer = new Utf8JsonWriter(canonical);
        WriteCanonical(writer, document.RootElement);
        writer.Flush();
        return Names.Hash(digits, canonical.WrittenSpan);
    }

    private static void WriteCanonical(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    if (!IsEmpty(member.Value))
                    {
                        writer.WritePropertyName(member.Name);
                        WriteCanonical(writer, member.Value);
                    }
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    WriteCanonical(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.Object => value.GetPropertyCount() == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };
}

/// <summary>
/// Whether a live object still has everything that we applied. What others added (labels, sidecar fields, defaults of the server)
/// does not count: owning it would start a fight (kserve#2278).
/// </summary>
public static class Containment
{
    private static readonly string[] _mergeKeys = ["mountPath", "containerPort", "port", "name", "uid"];

    public static bool Contains(JsonNode? live, JsonNode? wanted, bool quantities = false) => wanted switch
    {
        null => true,
        JsonObject map => live is JsonObject liveMap && map.All(field =>
            Contains(liveMap[field.Key], field.Value, quantities || field.Key is "limits" or "requests")),
        JsonArray list => live is JsonArray liveList && ContainsList(liveList, list, quantities),
        _ => JsonNode.DeepEquals(live, wanted) || (quantities && SameQuantity(live, wanted)),
    };

    private static bool ContainsList(JsonArray live, JsonArray wanted, bool quantities)
    {
        if (wanted.Count > 0 && wanted[0] is JsonObject first && _mergeKeys.FirstOrDefault(first.ContainsKey) is { } key)
        {
            return wanted.All(item => live.Any(candidate =>
                JsonNode.DeepEquals(candidate?[key], item?[key]) && Contains(candidate, item, quantities)));
        }

        return live.Count == wanted.Count && wanted.Index().All(item => Contains(live[item.Index], item.Item, quantities));
    }

    private static bool SameQuantity(JsonNode? live, JsonNode wanted) =>
        live is not null && Quantity.Parse(live.ToString()) is { } a && Quantity.Parse(wanted.ToString()) is { } b && a == b;
}
