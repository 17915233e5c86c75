using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace IrisOperator.Training.Import;

/// <summary>
/// Universal Binary JSON (ubjson.org, draft 12), which XGBoost writes where a file's name ends in .ubj, turned into JSON text. Numbers
/// that JSON cannot write become null.
/// </summary>
internal ref struct UniversalBinaryJson
{
    private const int MaxDepth = 32;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly Utf8JsonWriter _json;
    private int _next;
    private int _depth;

    private UniversalBinaryJson(ReadOnlySpan<byte> bytes, Utf8JsonWriter json)
    {
        _bytes = bytes;
        _json = json;
    }

    /// <exception cref="FormatException">A marker is unknown, a length leads beyond the end, or containers are too deep.</exception>
    public static ReadOnlyMemory<byte> ToJson(ReadOnlySpan<byte> bytes)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { MaxDepth = MaxDepth, SkipValidation = true }))
        {
            var reader = new UniversalBinaryJson(bytes, json);
            reader.Value(reader.Marker());
            if (reader._next != bytes.Length)
            {
                throw new FormatException($"{bytes.Length - reader._next} bytes after the end");
            }
        }

        return buffer.WrittenMemory;
    }

    private void Value(byte marker)
    {
        switch (marker)
        {
            case (byte)'{':
                Container(isObject: true);
                break;
            case (byte)'[':
                Container(isObject: false);
                break;
            case (byte)'S':
                _json.WriteStringValue(Text());
                break;
            case (byte)'T' or (byte)'F':
                _json.WriteBooleanValue(marker == 'T');
                break;
            case (byte)'Z':
                _json.WriteNullValue();
                break;
            case (byte)'d':
                Number(BinaryPrimitives.ReadSingleBigEndian(Take(4)));
                break;
            case (byte)'D':
                Number(BinaryPrimitives.ReadDoubleBigEndian(Take(8)));
                break;
            default:
                _json.WriteNumberValue(Integer(marker));
                break;
        }
    }

    private void Number(float value)
    {
        if (float.IsFinite(value))
        {
            _json.WriteNumberValue(value);
        }
        else
        {
            _json.WriteNullValue();
        }
    }

    private void Number(double value)
    {
        if (double.IsFinite(value))
        {
            _json.WriteNumberValue(value);
        }
        else
        {
            _json.WriteNullValue();
        }
    }

    private void Container(bool isObject)
    {
        if (++_depth > MaxDepth)
        {
            throw new FormatException($"more than {MaxDepth} levels");
        }

        var type = Skip('$') ? Marker() : (byte?)null;
        var count = Skip('#') ? Integer(Marker()) : (long?)null;
        if (type is not null && count is null)
        {
            throw new FormatException($"a typed container without a count at byte {_next}");
        }

        // Of a typed container each value has a byte at least, so no count can promise more than the file has; what has none is refused.
        if (count < 0 || count > _bytes.Length - _next || type is (byte)'T' or (byte)'F' or (byte)'Z' or (byte)'N')
        {
            throw new FormatException($"a container of {count} values at byte {_next}");
        }

        Open(isObject);
        for (var i = 0L; count is { } known ? i < known : !Skip(isObject ? '}' : ']'); i++)
        {
            if (isObject)
            {
                _json.WritePropertyName(Text());
            }

            Value(type ?? Marker());
        }

        Close(isObject);
        _depth--;
    }

    private readonly void Open(bool isObject)
    {
        if (isObject)
        {
            _json.WriteStartObject();
        }
        else
        {
            _json.WriteStartArray();
        }
    }

    private readonly void Close(bool isObject)
    {
        if (isObject)
        {
            _json.WriteEndObject();
        }
        else
        {
            _json.WriteEndArray();
        }
    }

    private string Text()
    {
        var length = Integer(Marker());
        return length >= 0 && length <= _bytes.Length - _next
            ? Encoding.UTF8.GetString(Take((int)length))
            : throw new FormatException($"a text of {length} bytes at byte {_next}");
    }

    private long Integer(byte marker) => marker switch
    {
        (byte)'i' => (sbyte)Take(1)[0],
        (byte)'U' => Take(1)[0],
        (byte)'I' => BinaryPrimitives.ReadInt16BigEndian(Take(2)),
        (byte)'l' => BinaryPrimitives.ReadInt32BigEndian(Take(4)),
        (byte)'L' => BinaryPrimitives.ReadInt64BigEndian(Take(8)),
        _ => throw new FormatException($"unknown marker 0x{marker:x2} at byte {_next - 1}"),
    };

    private byte Marker() => Take(1)[0];

    private bool Skip(char marker)
    {
        if (_next >= _bytes.Length || _bytes[_next] != marker)
        {
            return false;
        }

        _next++;
        return true;
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _bytes.Length - _next)
        {
            throw new FormatException("the file ends in the middle of a value");
        }

        var taken = _bytes.Slice(_next, length);
        _next += length;
        return taken;
    }
}
