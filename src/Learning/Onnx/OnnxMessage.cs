using Google.Protobuf;

namespace IrisOperator.Learning.Onnx;

/// <summary>The fields of one message of protobuf, read in place: a message inside it is another view of the same bytes.</summary>
internal sealed class OnnxMessage
{
    private readonly byte[] _bytes;
    private readonly CodedInputStream _input;
    private uint _tag;

    public OnnxMessage(byte[] bytes)
        : this(bytes, 0, bytes.Length)
    {
    }

    private OnnxMessage(byte[] bytes, int start, int length) => (_bytes, _input) = (bytes, new CodedInputStream(bytes, start, length));

    /// <summary>Number of the current field in the .proto file.</summary>
    public int Field => WireFormat.GetTagFieldNumber(_tag);

    /// <summary>Goes to the next field; false at the end.</summary>
    public bool Next() => (_tag = _input.ReadTag()) != 0;

    public void Skip() => _input.SkipLastField();

    public long Integer() => Is(WireFormat.WireType.Varint) ? _input.ReadInt64() : throw Wrong();

    public float Single() => Is(WireFormat.WireType.Fixed32) ? _input.ReadFloat() : throw Wrong();

    public string Text() => Is(WireFormat.WireType.LengthDelimited) ? _input.ReadString() : throw Wrong();

    public OnnxMessage Message()
    {
        var (start, length) = Content();
        return new OnnxMessage(_bytes, start, length);
    }

    public ReadOnlyMemory<byte> Bytes()
    {
        var (start, length) = Content();
        return _bytes.AsMemory(start, length);
    }

    /// <summary>Adds what the field holds: one value, or many that are packed.</summary>
    /// <param name="count">Told of each value before it is kept.</param>
    public void Repeated<T>(List<T> values, Func<CodedInputStream, T> read, Action<int> count)
    {
        if (!Is(WireFormat.WireType.LengthDelimited))
        {
            count(1);
            values.Add(read(_input));
            return;
        }
        var (start, length) = Content();
        var packed = new CodedInputStream(_bytes, start, length);
        while (!packed.IsAtEnd)
        {
            count(1);
            values.Add(read(packed));
        }
    }

    /// <summary>Where the bytes of the field lie, which the library has checked to be there.</summary>
    private (int Start, int Length) Content()
    {
        if (!Is(WireFormat.WireType.LengthDelimited))
        {
            throw Wrong();
        }
        var start = (int)_input.Position;
        _input.SkipLastField();
        var end = (int)_input.Position;
        var content = new CodedInputStream(_bytes, start, end - start);
        var length = content.ReadLength();
        return (end - length, length);
    }

    private bool Is(WireFormat.WireType type) => WireFormat.GetTagWireType(_tag) == type;

    private FormatException Wrong() => new($"field {Field} is of wire type {WireFormat.GetTagWireType(_tag)}");
}
