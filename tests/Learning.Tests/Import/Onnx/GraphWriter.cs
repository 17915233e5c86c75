using Google.Protobuf;

namespace IrisOperator.Learning.Tests.Import.Onnx;

/// <summary>Writes an ONNX model field by field, by the numbers of onnx.proto; whatever a test wants, also what is wrong.</summary>
internal sealed class GraphWriter
{
    public const string Ml = "ai.onnx.ml";
    public const int Single = 1;
    public const int Int64 = 7;
    public const int Text = 8;
    public const int Double = 11;

    private const WireFormat.WireType Bytes = WireFormat.WireType.LengthDelimited;

    private readonly List<(int Field, byte[] Content)> _parts = [];

    /// <summary>Of the ai.onnx.ml operators.</summary>
    public int MlVersion { get; init; } = 3;

    /// <param name="type">GraphWriter.Single and so on.</param>
    /// <param name="columns">Null of a width that is not fixed.</param>
    public GraphWriter Input(string name, int type, int? columns)
    {
        _parts.Add((11, Value(name, type, columns)));
        return this;
    }

    public GraphWriter Output(string name, int type = Single, int? columns = null)
    {
        _parts.Add((12, Value(name, type, columns)));
        return this;
    }

    /// <summary>A sequence of maps, as ZipMap makes it.</summary>
    public GraphWriter Maps(string name, int keyType)
    {
        var map = Message(m =>
        {
            m.Number(1, keyType);
            m.Part(2, Message(value => value.Part(1, Message(tensor => tensor.Number(1, Single)))));
        });
        var sequence = Message(s => s.Part(1, Message(element => element.Part(5, map))));
        _parts.Add((12, Message(value =>
        {
            value.Text(1, name);
            value.Part(2, Message(type => type.Part(4, sequence)));
        })));
        return this;
    }

    public GraphWriter Constant(string name, long[] shape, params float[] values)
    {
        _parts.Add((5, Message(tensor =>
        {
            shape.ToList().ForEach(dimension => tensor.Number(1, dimension));
            tensor.Number(2, Single);
            tensor.Part(9, [.. values.SelectMany(BitConverter.GetBytes)]);
            tensor.Text(8, name);
        })));
        return this;
    }

    public GraphWriter Indices(string name, params long[] values)
    {
        _parts.Add((5, Message(tensor =>
        {
            tensor.Number(1, values.Length);
            tensor.Number(2, Int64);
            values.ToList().ForEach(value => tensor.Number(7, value));
            tensor.Text(8, name);
        })));
        return this;
    }

    /// <summary>Any field of the graph.</summary>
    public GraphWriter Part(int field, byte[] content)
    {
        _parts.Add((field, content));
        return this;
    }

    /// <param name="attributes">Texts, whole numbers, floats and arrays of them; doubles as a tensor; bytes as a graph.</param>
    public GraphWriter Node(string type, string domain, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        _parts.Add((1, Message(node =>
        {
            inputs.ToList().ForEach(name => node.Text(1, name));
            outputs.ToList().ForEach(name => node.Text(2, name));
            node.Text(4, type);
            attributes.ToList().ForEach(attribute => node.Part(5, Attribute(attribute.Name, attribute.Value)));
            node.Text(7, domain);
        })));
        return this;
    }

    public byte[] Write() => Message(model =>
    {
        model.Number(1, 8);
        model.Text(2, "test");
        model.Part(7, Message(graph =>
        {
            graph.Text(2, "graph");
            _parts.ForEach(part => graph.Part(part.Field, part.Content));
        }));
        model.Part(8, Message(opset => opset.Number(2, 15)));
        model.Part(8, Message(opset =>
        {
            opset.Text(1, Ml);
            opset.Number(2, MlVersion);
        }));
    });

    public static byte[] Message(Action<Fields> write)
    {
        var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            write(new Fields(output));
        }
        return stream.ToArray();
    }

    private static byte[] Value(string name, int type, int? columns) => Message(value =>
    {
        value.Text(1, name);
        value.Part(2, Message(types => types.Part(1, Message(tensor =>
        {
            tensor.Number(1, type);
            tensor.Part(2, Message(shape =>
            {
                shape.Part(1, Message(rows => rows.Text(2, "N")));
                shape.Part(1, Message(width =>
                {
                    if (columns is { } known)
                    {
                        width.Number(1, known);
                    }
                }));
            }));
        }))));
    });

    private static byte[] Attribute(string name, object value) => Message(attribute =>
    {
        attribute.Text(1, name);
        switch (value)
        {
            case string text:
                attribute.Text(4, text);
                attribute.Number(20, 3);
                break;
            case int integer:
                attribute.Number(3, integer);
                attribute.Number(20, 2);
                break;
            case float number:
                attribute.Single(2, number);
                attribute.Number(20, 1);
                break;
            case float[] numbers:
                Array.ForEach(numbers, number => attribute.Single(7, number));
                attribute.Number(20, 6);
                break;
            case long[] integers:
                Array.ForEach(integers, integer => attribute.Number(8, integer));
                attribute.Number(20, 7);
                break;
            case string[] texts:
                Array.ForEach(texts, text => attribute.Text(9, text));
                attribute.Number(20, 8);
                break;
            case double[] doubles:
                attribute.Part(5, Message(tensor =>
                {
                    tensor.Number(1, doubles.Length);
                    tensor.Number(2, Double);
                    tensor.Part(9, [.. doubles.SelectMany(BitConverter.GetBytes)]);
                }));
                attribute.Number(20, 4);
                break;
            case byte[] content:
                attribute.Part(6, content);
                break;
        }
    });

    /// <summary>The fields of one message.</summary>
    internal sealed class Fields(CodedOutputStream output)
    {
        public void Number(int field, long value)
        {
            output.WriteTag(field, WireFormat.WireType.Varint);
            output.WriteInt64(value);
        }

        public void Single(int field, float value)
        {
            output.WriteTag(field, WireFormat.WireType.Fixed32);
            output.WriteFloat(value);
        }

        public void Text(int field, string value)
        {
            output.WriteTag(field, Bytes);
            output.WriteString(value);
        }

        public void Part(int field, byte[] content)
        {
            output.WriteTag(field, Bytes);
            output.WriteBytes(ByteString.CopyFrom(content));
        }
    }
}
