using System.Text.Json;
using IrisOperator.Kube.Models;

namespace IrisOperator.Kube.Wire;

/// <summary>Decodes one line of a watch. Never throws: a line that means nothing is an event of its own.</summary>
internal static class WatchLineDecoder
{
    public static WatchEvent<T> Decode<T>(ReadOnlySpan<byte> line)
        where T : class, IKubeResource<T>
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            WatchEventType? type = null;
            ReadOnlySpan<byte> content = default;
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("type"u8))
                {
                    reader.Read();
                    type = TypeOf(ref reader);
                }
                else if (reader.ValueTextEquals("object"u8))
                {
                    reader.Read();
                    var start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    content = line[start..(int)reader.BytesConsumed];
                }
                else
                {
                    reader.Read();
                    reader.Skip();
                }
            }

            return content.IsEmpty || type is null
                ? Invalid<T>(new InvalidObject(null, null, "a watch line without a known type or without an object"))
                : Decode<T>(type.Value, content);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return Invalid<T>(new InvalidObject(null, null, error.Message));
        }
    }

    private static WatchEvent<T> Decode<T>(WatchEventType type, ReadOnlySpan<byte> content)
        where T : class, IKubeResource<T>
    {
        if (type == WatchEventType.Error)
        {
            return new WatchEvent<T> { Type = type, Status = JsonSerializer.Deserialize(content, KubeJsonContext.Default.V1Status) };
        }

        if (type == WatchEventType.Bookmark)
        {
            // A bookmark is an object of the type with nothing but a version, so the model's required members may be missing.
            var version = ObjectDecoder.Describe(content, "").ResourceVersion;
            return string.IsNullOrEmpty(version)
                ? Invalid<T>(new InvalidObject(null, null, "a bookmark without a resource version"))
                : new WatchEvent<T> { Type = type, ResourceVersion = version };
        }

        return ObjectDecoder.Decode<T>(content, out var invalid) is { } obj
            ? new WatchEvent<T> { Type = type, Object = obj, ResourceVersion = obj.Metadata.ResourceVersion }
            : Invalid<T>(invalid!);
    }

    private static WatchEvent<T> Invalid<T>(InvalidObject invalid)
        where T : class =>
        new() { Type = WatchEventType.Invalid, Invalid = invalid, ResourceVersion = invalid.ResourceVersion };

    private static WatchEventType? TypeOf(ref Utf8JsonReader reader) => reader switch
    {
        _ when reader.ValueTextEquals("ADDED"u8) => WatchEventType.Added,
        _ when reader.ValueTextEquals("MODIFIED"u8) => WatchEventType.Modified,
        _ when reader.ValueTextEquals("DELETED"u8) => WatchEventType.Deleted,
        _ when reader.ValueTextEquals("BOOKMARK"u8) => WatchEventType.Bookmark,
        _ when reader.ValueTextEquals("ERROR"u8) => WatchEventType.Error,
        _ => null,
    };
}
