using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace IrisOperator.Learning.Tests.Import.Onnx;

/// <summary>What ONNX Runtime answers.</summary>
internal static class Runtime
{
    /// <param name="rows">The numbers of all inputs that are numbers, one input after another.</param>
    /// <returns>Row after row: a list of numbers from a tensor, or from the maps of a ZipMap in the order of their keys.</returns>
    public static double[][] Run(byte[] model, double[][] rows, string output)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        using var session = new InferenceSession(model, options);
        using var answers = session.Run([.. Inputs(session, rows)], [output]);
        switch (answers[0].Value)
        {
            case Tensor<float> tensor:
                return [.. tensor.Select(value => (double)value).Chunk((int)(tensor.Length / rows.Length))];
            case IEnumerable<DisposableNamedOnnxValue> maps:
                return [.. maps.Select(map => map.Value switch
                {
                    IDictionary<long, float> byNumber => byNumber.OrderBy(pair => pair.Key).Select(pair => (double)pair.Value).ToArray(),
                    IDictionary<string, float> byName =>
                        byName.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (double)pair.Value).ToArray(),
                    var other => throw new InvalidOperationException($"{other}"),
                })];
            default:
                throw new InvalidOperationException($"{output} is {answers[0].Value}");
        }
    }

    private static IEnumerable<NamedOnnxValue> Inputs(InferenceSession session, double[][] rows)
    {
        var next = 0;
        foreach (var name in session.InputNames)
        {
            var (type, width) = (session.InputMetadata[name].ElementType, session.InputMetadata[name].Dimensions[^1]);
            int[] shape = [rows.Length, width];
            if (type == typeof(string))
            {
                var texts = Enumerable.Repeat("", rows.Length).ToArray();
                yield return NamedOnnxValue.CreateFromTensor(name, new DenseTensor<string>(texts, shape));
                continue;
            }
            if (type == typeof(bool) || next + width > rows[0].Length)
            {
                yield return type == typeof(bool)
                    ? NamedOnnxValue.CreateFromTensor(name, new DenseTensor<bool>(shape))
                    : NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(shape));
                continue;
            }
            double[] numbers = [.. rows.SelectMany(row => row.Skip(next).Take(width))];
            yield return type == typeof(double)
                ? NamedOnnxValue.CreateFromTensor(name, new DenseTensor<double>(numbers, shape))
                : NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(numbers.Select(number => (float)number).ToArray(), shape));
            next += width;
        }
    }
}
