using System.Text.Json;

namespace IrisOperator.Registry.Wire;

/// <summary>
/// Takes the tags out of one page of <c>{"name":…,"tags":[…]}</c> as it arrives, so that a page of any length needs one buffer.
/// </summary>
internal sealed class TagPageParser
{
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = 16 });
    private bool _isTags;
    private int _depth;

    /// <summary>Reads what is complete in the bytes and returns how many it used.</summary>
    /// <exception cref="JsonException">Not JSON, or not an object with a list of strings.</exception>
    public int Feed(ReadOnlySpan<byte> bytes, bool isLast, List<Tag> tags)
    {
        var reader = new Utf8JsonReader(bytes, isLast, _state);
        while (reader.Read())
        {
            Take(ref reader, tags);
        }

        _state = reader.CurrentState;
        return (int)reader.BytesConsumed;
    }

    private void Take(ref Utf8JsonReader reader, List<Tag> tags)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray or JsonTokenType.StartObject:
                if (_depth == 0 && reader.TokenType == JsonTokenType.StartArray)
                {
                    throw new JsonException("expected an object");
                }

                _depth++;
                break;
            case JsonTokenType.EndArray or JsonTokenType.EndObject:
                _depth--;
                break;
            case JsonTokenType.PropertyName when _depth == 1:
                _isTags = reader.ValueTextEquals("tags"u8);
                break;
            case JsonTokenType.String when _isTags && _depth == 2:
                // What is no tag could not be asked for either.
                if (Tag.TryParse(reader.GetString(), out var tag))
                {
                    tags.Add(tag);
                }

                break;
        }
    }
}
