namespace IrisOperator.Learning.Onnx;

/// <summary>ValueInfoProto and what it holds: the type and shape of an input or output.</summary>
internal static class OnnxValueReader
{
    public static OnnxValue Read(OnnxMessage message)
    {
        var value = new OnnxValue("", null, []);
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1:
                    value = value with { Name = message.Text() };
                    break;
                case 2:
                    value = Type(message.Message(), value);
                    break;
                default:
                    message.Skip();
                    break;
            }
        }
        return value;
    }

    private static OnnxValue Type(OnnxMessage message, OnnxValue value)
    {
        while (message.Next())
        {
            if (message.Field == 1)
            {
                value = Tensor(message.Message(), value);
            }
            else
            {
                message.Skip();
            }
        }
        return value;
    }

    private static OnnxValue Tensor(OnnxMessage message, OnnxValue value)
    {
        value = value with { Type = OnnxType.Undefined };
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1:
                    value = value with { Type = (OnnxType)message.Integer() };
                    break;
                case 2:
                    value = value with { Shape = Shape(message.Message()) };
                    break;
                default:
                    message.Skip();
                    break;
            }
        }
        return value;
    }

    private static List<long?> Shape(OnnxMessage message)
    {
        var shape = new List<long?>();
        while (message.Next())
        {
            if (message.Field == 1)
            {
                shape.Add(Dimension(message.Message()));
            }
            else
            {
                message.Skip();
            }
        }
        return shape;
    }

    /// <returns>Null where it has a name, or nothing, or -1 as Microsoft.ML has it for the number of rows.</returns>
    private static long? Dimension(OnnxMessage message)
    {
        var dimension = (long?)null;
        while (message.Next())
        {
            if (message.Field == 1)
            {
                dimension = message.Integer();
            }
            else
            {
                message.Skip();
            }
        }
        return dimension >= 0 ? dimension : null;
    }
}
