using System.Text.Json;
using IrisOperator.Kube.Models;

namespace IrisOperator.Kube.Wire;

/// <summary>Decodes one page of a list in place.</summary>
internal static class ListDecoder
{
    /// <exception cref="JsonException">The frame of the list is broken, so the page is lost as a whole.</exception>
    public static V1ListMeta Decode<T>(ReadOnlySpan<byte> utf8, List<T> items, List<InvalidObject> invalid)
        where T : class, IKubeResource<T>
    {
        V1ListMeta? meta = null;
        var reader = new Utf8JsonReader(utf8);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("metadata"u8))
            {
                reader.Read();
                meta = JsonSerializer.Deserialize(ref reader, KubeJsonContext.Default.V1ListMeta);
            }
            else if (reader.ValueTextEquals("items"u8))
            {
                DecodeItems(ref reader, utf8, items, invalid);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return meta?.ResourceVersion is null ? throw new JsonException("a list without metadata.resourceVersion") : meta;
    }

    private static void DecodeItems<T>(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, List<T> items, List<InvalidObject> invalid)
        where T : class, IKubeResource<T>
    {
        reader.Read();

        // An empty list of a typed client may come as null.
        while (reader.TokenType != JsonTokenType.Null && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (ObjectDecoder.Decode<T>(utf8[start..(int)reader.BytesConsumed], out var error) is { } item)
            {
                items.Add(item);
            }
            else
            {
                invalid.Add(error!);
            }
        }
    }
}
