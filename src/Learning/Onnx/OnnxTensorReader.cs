using System.Buffers.Binary;

namespace IrisOperator.Learning.Onnx;

/// <summary>TensorProto of onnx.proto: a constant.</summary>
internal static class OnnxTensorReader
{
    /// <exception cref="FormatException">Its numbers are in another file.</exception>
    public static OnnxTensor Read(OnnxMessage message, OnnxBudget budget)
    {
        var (shape, numbers, texts) = (new List<long>(), new List<double>(), new List<string>());
        var (name, type, raw) = ("", OnnxType.Undefined, ReadOnlyMemory<byte>.Empty);
        var isExternal = false;
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1:
                    message.Repeated(shape, part => part.ReadInt64(), budget.Count);
                    break;
                case 2:
                    type = (OnnxType)message.Integer();
                    break;
                case 4:
                    message.Repeated(numbers, part => part.ReadFloat(), budget.Count);
                    break;
                case 5 or 7 or 11:
                    message.Repeated(numbers, part => part.ReadInt64(), budget.Count);
                    break;
                case 6:
                    texts.Add(budget.Text(message));
                    break;
                case 8:
                    name = budget.Text(message);
                    break;
                case 9:
                    raw = message.Bytes();
                    break;
                case 10:
                    message.Repeated(numbers, part => part.ReadDouble(), budget.Count);
                    break;
                case 13:
                    isExternal = true;
                    message.Skip();
                    break;
                case 14:
                    isExternal |= message.Integer() != 0;
                    break;
                default:
                    message.Skip();
                    break;
            }
        }
        return isExternal
            ? throw new FormatException(
                $"the data of tensor {OnnxReader.Shown(name)} is in another file, which is never opened; save the model as one file")
            : new OnnxTensor(name, type, shape, raw.IsEmpty ? [.. numbers] : Raw(type, raw.Span, budget), [.. texts]);
    }

    /// <summary>Little endian, as ONNX has it; none of a type that nothing here reads.</summary>
    private static double[] Raw(OnnxType type, ReadOnlySpan<byte> bytes, OnnxBudget budget)
    {
        var size = type switch { OnnxType.Single or OnnxType.Int32 => 4, OnnxType.Int64 or OnnxType.Double => 8, _ => 0 };
        if (size == 0)
        {
            return [];
        }
        budget.Count(bytes.Length / size);
        var numbers = new double[bytes.Length / size];
        for (var i = 0; i < numbers.Length; i++)
        {
            var one = bytes.Slice(i * size, size);
            numbers[i] = type switch
            {
                OnnxType.Single => BinaryPrimitives.ReadSingleLittleEndian(one),
                OnnxType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(one),
                OnnxType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(one),
                _ => BinaryPrimitives.ReadDoubleLittleEndian(one),
            };
        }
        return numbers;
    }
}
