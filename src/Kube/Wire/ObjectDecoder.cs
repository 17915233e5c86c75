using System.Text.Json;

namespace IrisOperator.Kube.Wire;

/// <summary>Decodes one object at a time, so that a broken one harms only itself.</summary>
internal static class ObjectDecoder
{
    /// <summary>Either the object or why it is none.</summary>
    public static T? Decode<T>(ReadOnlySpan<byte> utf8, out InvalidObject? invalid)
        where T : class, IKubeResource<T>
    {
        try
        {
            invalid = null;
            var obj = JsonSerializer.Deserialize(utf8, Kind<T>.JsonTypeInfo);
            if (!string.IsNullOrEmpty(obj?.Metadata?.Name))
            {
                return obj;
            }

            invalid = Describe(utf8, "metadata.name is missing");
        }
        catch (JsonException error)
        {
            invalid = Describe(utf8, error.Message);
        }

        return null;
    }

    /// <summary>Rescues the key and the version from an object of any shape.</summary>
    public static InvalidObject Describe(ReadOnlySpan<byte> utf8, string error)
    {
        string? name = null, ns = null, version = null;
        try
        {
            var reader = new Utf8JsonReader(utf8);
            if (MoveTo(ref reader, "metadata"u8))
            {
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    ref var target = ref name;
                    var known = true;
                    if (reader.ValueTextEquals("namespace"u8))
                    {
                        target = ref ns;
                    }
                    else if (reader.ValueTextEquals("resourceVersion"u8))
                    {
                        target = ref version;
                    }
                    else if (!reader.ValueTextEquals("name"u8))
                    {
                        known = false;
                    }

                    reader.Read();
                    if (known && reader.TokenType == JsonTokenType.String)
                    {
                        target = reader.GetString();
                    }

                    reader.Skip();
                }
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // Cut off or not text: what was found so far has to do.
        }

        return new InvalidObject(
            string.IsNullOrEmpty(name) ? null : new ObjectKey(string.IsNullOrEmpty(ns) ? null : ns, name), version, error);
    }

    // Leaves the reader on the opening brace of an object-valued member of the outermost object.
    private static bool MoveTo(ref Utf8JsonReader reader, ReadOnlySpan<byte> member)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(member);
            reader.Read();
            if (found)
            {
                return reader.TokenType == JsonTokenType.StartObject;
            }

            reader.Skip();
        }

        return false;
    }
}
