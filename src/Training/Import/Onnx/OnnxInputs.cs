using IrisOperator.Learning.Format;
using IrisOperator.Learning.Onnx;

namespace IrisOperator.Training.Import.Onnx;

/// <summary>The inputs of a graph as the numbers of a row: those of one input after those of the one before.</summary>
internal static class OnnxInputs
{
    /// <summary>How many numbers of a row the input takes; 0 if it takes none.</summary>
    public static int Width(OnnxValue input) => IsNumeric(input) && input.Width is { } width and <= Limits.Features ? width : 0;

    /// <returns>By name of the input.</returns>
    public static Dictionary<string, OnnxTerms> Terms(OnnxGraph graph)
    {
        var terms = new Dictionary<string, OnnxTerms>(StringComparer.Ordinal);
        var next = 0;
        foreach (var input in graph.Inputs)
        {
            var (start, width) = (next, Width(input));
            next += width;
            terms[input.Name] = width == 0 || next > Limits.Columns
                ? OnnxTerms.Unknown(Problem(input))
                : new OnnxTerms(
                    [.. Enumerable.Range(start, width).Select(index => new ColumnTerm(index, input.Type == OnnxType.Double, []))]);
        }
        return terms;
    }

    private static bool IsNumeric(OnnxValue input) => input.Type is OnnxType.Single or OnnxType.Double or OnnxType.Int64 or OnnxType.Int32;

    private static string Problem(OnnxValue input) => !IsNumeric(input)
        ? $"input {input.Name} is not of numbers"
        : $"input {input.Name} has no fixed number of columns up to {Limits.Features}; export it with one";
}
