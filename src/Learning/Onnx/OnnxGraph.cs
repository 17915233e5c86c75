namespace IrisOperator.Learning.Onnx;

/// <summary>What is needed of an ONNX model (ModelProto of onnx.proto), checked: names resolve, nodes come after what they use.</summary>
/// <param name="Nodes">In an order in which they can be computed.</param>
/// <param name="Initializers">Constants by name.</param>
internal sealed record OnnxGraph(
    IReadOnlyList<OnnxNode> Nodes,
    IReadOnlyList<OnnxValue> Inputs,
    IReadOnlyList<OnnxValue> Outputs,
    IReadOnlyDictionary<string, OnnxTensor> Initializers)
{
    /// <summary>
    /// Which inputs of the graph the wanted value is computed of, in the order of the graph. Label columns, for instance, are often inputs
    /// that nothing but an echo of them needs.
    /// </summary>
    public IReadOnlyList<OnnxValue> InputsOf(string wanted)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal) { wanted };
        foreach (var node in Nodes.Reverse())
        {
            if (node.Outputs.Any(needed.Contains))
            {
                needed.UnionWith(node.Inputs);
            }
        }
        return [.. Inputs.Where(input => needed.Contains(input.Name))];
    }
}

/// <summary>An operator as it stands in a graph.</summary>
/// <param name="Domain">Empty for ONNX's own operators; "ai.onnx.ml" for those of classic models.</param>
/// <param name="Inputs">Names of values; empty where an optional one is left out.</param>
internal sealed record OnnxNode(
    string Name, string Operator, string Domain, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs,
    IReadOnlyDictionary<string, OnnxAttribute> Attributes)
{
    public const string Ml = "ai.onnx.ml";

    /// <summary>The operator with its domain, for messages and for telling operators apart.</summary>
    public string FullOperator { get; } = Domain is "" or "ai.onnx" ? Operator : $"{Domain}.{Operator}";

    /// <summary>As the attribute says, or nothing.</summary>
    public float[] Floats(string name) => Attributes.GetValueOrDefault(name)?.Floats ?? [];

    public long[] Integers(string name) => Attributes.GetValueOrDefault(name)?.Integers ?? [];

    public string[] Texts(string name) => Attributes.GetValueOrDefault(name)?.Texts ?? [];

    public string Text(string name, string otherwise) => Attributes.GetValueOrDefault(name)?.Text ?? otherwise;

    public long Integer(string name, long otherwise) => Attributes.GetValueOrDefault(name)?.Integer ?? otherwise;
}

/// <summary>A parameter of an operator; which member is set depends on its type.</summary>
internal sealed record OnnxAttribute(
    string Name, float? Float, long? Integer, string? Text, OnnxTensor? Tensor, float[] Floats, long[] Integers, string[] Texts);

/// <summary>An input or output of a graph.</summary>
/// <param name="Type">Null where it is no tensor.</param>
/// <param name="Shape">Null of a dimension that is not fixed; empty where the file does not say.</param>
internal sealed record OnnxValue(string Name, OnnxType? Type, IReadOnlyList<long?> Shape)
{
    /// <summary>The numbers of one row: the last of two dimensions, or 1 where there is one; null where it is not fixed.</summary>
    public int? Width => Shape switch
    {
        [_] => 1,
        [_, { } width] when width is > 0 and <= int.MaxValue => (int)width,
        _ => null,
    };
}

/// <summary>A constant. Numbers of every type are widened.</summary>
internal sealed record OnnxTensor(string Name, OnnxType Type, IReadOnlyList<long> Shape, double[] Numbers, string[] Texts);

/// <summary>TensorProto.DataType of onnx.proto, as far as it is used here.</summary>
internal enum OnnxType
{
    Undefined = 0,
    Single = 1,
    Int32 = 6,
    Int64 = 7,
    Text = 8,
    Boolean = 9,
    Double = 11,
}
