using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace IrisOperator.Kube.Runtime.Client;

/// <summary>Decodes lists and lines of a watch one object at a time, so that a broken one harms only itself.</summary>
internal static class ObjectDecoder
{
    private const int MaxErrorText = 300;

    /// <exception cref="JsonException">It is not what the type wants, whatever the converters of the models threw.</exception>
    public static T? Deserialize<T>(in ReadOnlySequence<byte> utf8, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8.IsSingleSegment ? utf8.FirstSpan : utf8.ToArray(), type);
        }
        catch (Exception error) when (
            error is FormatException or ArgumentException or OverflowException or NotSupportedException or InvalidOperationException)
        {
            // The package's converters of quantities and of IntOrString throw these for texts that they do not understand.
            throw new JsonException(error.Message, error);
        }
    }

    /// <summary>Either the object or why it is none.</summary>
    public static T? Decode<T>(in ReadOnlySequence<byte> utf8, out InvalidObject? invalid)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            invalid = null;
            var obj = Deserialize(utf8, Kind<T>.JsonTypeInfo);
            if (!string.IsNullOrEmpty(obj?.Metadata?.Name))
            {
                return Kind<T>.Complete(obj);
            }

            invalid = Describe(utf8, "metadata.name is missing");
        }
        catch (JsonException error)
        {
            invalid = Describe(utf8, error.Message);
        }

        return null;
    }

    /// <summary>Decodes one page of a list in place.</summary>
    /// <exception cref="JsonException">The frame of the list is broken, so the page is lost as a whole.</exception>
    public static V1ListMeta DecodeList<T>(in ReadOnlySequence<byte> utf8, List<T> items, List<InvalidObject> invalid)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        V1ListMeta? meta = null;
        var reader = new Utf8JsonReader(utf8);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isItems = reader.ValueTextEquals("items"u8);
            var isMetadata = reader.ValueTextEquals("metadata"u8);
            reader.Read();
            if (isMetadata)
            {
                meta = Deserialize(Value(ref reader, utf8), KubeJson.ListMeta);
                continue;
            }

            // An empty list of a typed client may come as null.
            while (isItems && reader.TokenType != JsonTokenType.Null && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (Decode<T>(Value(ref reader, utf8), out var error) is { } item)
                {
                    items.Add(item);
                }
                else
                {
                    invalid.Add(error!);
                }
            }

            reader.Skip();
        }

        return meta?.ResourceVersion is null ? throw new JsonException("a list without metadata.resourceVersion") : meta;
    }

    /// <summary>Decodes one line of a watch. Never throws: a line that means nothing is an event of its own.</summary>
    public static WatchEvent<T> DecodeEvent<T>(in ReadOnlySequence<byte> line)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            WatchEventType? type = null;
            ReadOnlySequence<byte>? content = null;
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isType = reader.ValueTextEquals("type"u8);
                var isObject = reader.ValueTextEquals("object"u8);
                reader.Read();
                type = isType ? TypeOf(ref reader) : type;
                var value = Value(ref reader, line);
                content = isObject ? value : content;
            }

            return content is null || type is null
                ? Invalid<T>(new InvalidObject(null, null, "a watch line without a known type or without an object"))
                : DecodeEvent<T>(type.Value, content.Value);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return Invalid<T>(new InvalidObject(null, null, error.Message));
        }
    }

    /// <summary>Whatever came instead of an answer, as a status. A balancer's HTML page has to make sense too.</summary>
    public static V1Status DecodeError(int code, in ReadOnlySequence<byte> body)
    {
        try
        {
            if (Deserialize(body, KubeJson.Status) is { Message: not null } status)
            {
                // The HTTP code is what counts: it decides about retries.
                status.Code = code;
                return status;
            }
        }
        catch (JsonException)
        {
            // Not a Status: plain text from a proxy or from the server's own timeout filter.
        }

        var text = Encoding.UTF8.GetString(body.Slice(0, Math.Min(body.Length, MaxErrorText))).Trim();
        return new V1Status { Code = code, Message = text.Length > 0 ? text : $"HTTP status {code.ToString(null, null)}" };
    }

    private static WatchEvent<T> DecodeEvent<T>(WatchEventType type, in ReadOnlySequence<byte> content)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        switch (type)
        {
            case WatchEventType.Error:
                return new WatchEvent<T> { Type = type, Status = Deserialize(content, KubeJson.Status) };
            case WatchEventType.Bookmark:
                // A bookmark is an object of the type with nothing but a version, so the model's required members may be missing.
                var version = Describe(content, "").ResourceVersion;
                return string.IsNullOrEmpty(version)
                    ? Invalid<T>(new InvalidObject(null, null, "a bookmark without a resource version"))
                    : new WatchEvent<T> { Type = type, ResourceVersion = version };
            default:
                return Decode<T>(content, out var invalid) is { } obj
                    ? new WatchEvent<T> { Type = type, Object = obj, ResourceVersion = obj.Metadata.ResourceVersion }
                    : Invalid<T>(invalid!);
        }
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

    // The bytes of the value that the reader stands on; it is then on the last token of the value.
    private static ReadOnlySequence<byte> Value(ref Utf8JsonReader reader, in ReadOnlySequence<byte> utf8)
    {
        var start = reader.TokenStartIndex;
        reader.Skip();
        return utf8.Slice(start, reader.BytesConsumed - start);
    }

    // Rescues the key and the version from an object of any shape.
    private static InvalidObject Describe(in ReadOnlySequence<byte> utf8, string error)
    {
        string? name = null, ns = null, version = null;
        try
        {
            var reader = new Utf8JsonReader(utf8);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isMetadata = reader.ValueTextEquals("metadata"u8);
                reader.Read();
                var isOpen = isMetadata && reader.TokenType == JsonTokenType.StartObject;
                while (isOpen && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var member = reader.GetString();
                    reader.Read();
                    var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                    name = member == "name" ? text : name;
                    ns = member == "namespace" ? text : ns;
                    version = member == "resourceVersion" ? text : version;
                    reader.Skip();
                }

                reader.Skip();
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // Cut off or not text: what was found so far has to do.
        }

        return new InvalidObject(
            string.IsNullOrEmpty(name) ? null : new ObjectKey(string.IsNullOrEmpty(ns) ? null : ns, name), version, error);
    }
}
