using Google.Protobuf;

namespace IrisOperator.Learning.Onnx;

/// <summary>From the bytes of an .onnx file (ModelProto, onnx.proto of ONNX) to its graph.</summary>
/// <remarks>
/// Guarantees: time and memory are in proportion to the length of the file, whatever it declares. Messages are read in place, to a fixed
/// depth; a graph inside a node, a function and data in another file are refused.
/// </remarks>
internal sealed class OnnxReader
{
    private readonly OnnxBudget _budget = new();

    private OnnxReader()
    {
    }

    /// <exception cref="FormatException">The file is damaged, or has something that is refused; says what.</exception>
    public static OnnxGraph Read(byte[] bytes)
    {
        try
        {
            return new OnnxReader().Model(new OnnxMessage(bytes));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    private OnnxGraph Model(OnnxMessage message)
    {
        OnnxGraph? graph = null;
        while (message.Next())
        {
            switch (message.Field)
            {
                case 7 when graph is null:
                    graph = Graph(message.Message());
                    break;
                case 7:
                    throw new FormatException("two graphs in one model");
                case 25:
                    throw new FormatException("functions of its own are not taken");
                default:
                    message.Skip();
                    break;
            }
        }
        return graph ?? throw new FormatException("no graph");
    }

    private OnnxGraph Graph(OnnxMessage message)
    {
        var (nodes, inputs, outputs) = (new List<OnnxNode>(), new List<OnnxValue>(), new List<OnnxValue>());
        var initializers = new Dictionary<string, OnnxTensor>(StringComparer.Ordinal);
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1:
                    nodes.Add(Node(message.Message()));
                    break;
                case 5:
                    var tensor = OnnxTensorReader.Read(message.Message(), _budget);
                    if (!initializers.TryAdd(tensor.Name, tensor))
                    {
                        throw new FormatException($"two initializers {Shown(tensor.Name)}");
                    }
                    break;
                case 11:
                    inputs.Add(OnnxValueReader.Read(message.Message()));
                    break;
                case 12:
                    outputs.Add(OnnxValueReader.Read(message.Message()));
                    break;
                case 15:
                    throw new FormatException("sparse initializers are not taken");
                default:
                    message.Skip();
                    break;
            }
            _budget.Count(1);
        }
        CheckNames(nodes, inputs, outputs, initializers);
        // Older files list constants among the inputs as well.
        return new OnnxGraph(nodes, [.. inputs.Where(input => !initializers.ContainsKey(input.Name))], outputs, initializers);
    }

    /// <summary>ONNX demands that nodes come after what they use, which leaves no room for a cycle.</summary>
    private static void CheckNames(
        List<OnnxNode> nodes, List<OnnxValue> inputs, List<OnnxValue> outputs, Dictionary<string, OnnxTensor> initializers)
    {
        var known = new HashSet<string>(initializers.Keys, StringComparer.Ordinal) { "" };
        known.UnionWith(inputs.Select(input => input.Name));
        foreach (var (n, node) in nodes.Index())
        {
            if (node.Inputs.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            {
                throw new FormatException($"node {n} ({Shown(node.Operator)}) takes {Shown(unknown)}, which no node before it makes");
            }
            if (node.Outputs.FirstOrDefault(name => name != "" && !known.Add(name)) is { } again)
            {
                throw new FormatException($"node {n} ({Shown(node.Operator)}) makes {Shown(again)}, which there is already");
            }
        }
        if (outputs.Find(output => !known.Contains(output.Name)) is { } missing)
        {
            throw new FormatException($"no node makes the output {Shown(missing.Name)}");
        }
    }

    private OnnxNode Node(OnnxMessage message)
    {
        var (inputs, outputs, attributes) = (new List<string>(), new List<string>(), new Dictionary<string, OnnxAttribute>());
        var (name, type, domain) = ("", "", "");
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1:
                    inputs.Add(_budget.Text(message));
                    break;
                case 2:
                    outputs.Add(_budget.Text(message));
                    break;
                case 3:
                    name = message.Text();
                    break;
                case 4:
                    type = _budget.Text(message);
                    break;
                case 5:
                    var attribute = Attribute(message.Message());
                    attributes[attribute.Name] = attribute;
                    break;
                case 7:
                    domain = _budget.Text(message);
                    break;
                default:
                    message.Skip();
                    break;
            }
        }
        return new OnnxNode(name, type, domain, inputs, outputs, attributes);
    }

    private OnnxAttribute Attribute(OnnxMessage message)
    {
        var (floats, integers, texts) = (new List<float>(), new List<long>(), new List<string>());
        var (name, text) = ("", (string?)null);
        var (number, integer, tensor) = ((float?)null, (long?)null, (OnnxTensor?)null);
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1:
                    name = _budget.Text(message);
                    break;
                case 2:
                    number = message.Single();
                    break;
                case 3:
                    integer = message.Integer();
                    break;
                case 4:
                    text = _budget.Text(message);
                    break;
                case 5:
                    tensor = OnnxTensorReader.Read(message.Message(), _budget);
                    break;
                case 7:
                    message.Repeated(floats, part => part.ReadFloat(), _budget.Count);
                    break;
                case 8:
                    message.Repeated(integers, part => part.ReadInt64(), _budget.Count);
                    break;
                case 9:
                    texts.Add(_budget.Text(message));
                    break;
                case 6 or 11:
                    throw new FormatException($"attribute {Shown(name)} holds a graph; loops and branches are not taken");
                case 10 or 22 or 23:
                    throw new FormatException($"attribute {Shown(name)} holds tensors of a kind that is not taken");
                default:
                    message.Skip();
                    break;
            }
        }
        return new OnnxAttribute(name, number, integer, text, tensor, [.. floats], [.. integers], [.. texts]);
    }

    /// <summary>As it may stand in a message; a name may have any length.</summary>
    internal static string Shown(string name) => name.Length <= 100 ? $"\"{name}\"" : $"\"{name[..100]}…\"";
}
