using System.Globalization;
using IrisOperator.Learning.Format;
using IrisOperator.Learning.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace IrisOperator.Training.Import.Onnx;

/// <summary>A graph that is neither trees nor weighted sums, kept as it is for ONNX Runtime.</summary>
internal static class KeptGraph
{
    /// <param name="reason">Why our document has no word for it.</param>
    /// <exception cref="InputException">It takes or answers something else than one row of numbers, or the runtime refuses it.</exception>
    public static ForeignModel Of(byte[] bytes, OnnxGraph graph, string reason)
    {
        var shapes = Candidates(graph).Select(output => (Output: output, Shape: Try(bytes, output, reason))).ToArray();
        var best = Array.Find(shapes, candidate => candidate.Shape.Numbers >= 2);
        var (output, (columns, numbers)) = best.Output is null ? shapes.FirstOrDefault(candidate => candidate.Shape.Numbers == 1) : best;
        if (output is null)
        {
            throw Wrong($"{reason}; and no output of it has numbers for a row");
        }

        // A class beside one number: that is the probability of the second of two.
        var hasLabel = graph.Outputs.Any(value => value.Type is OnnxType.Int64 or OnnxType.Text or OnnxType.Boolean);
        var classes = numbers >= 2 ? numbers : hasLabel ? 2 : 0;
        return new ForeignModel(OnnxModel.Algorithm, columns, null, classes)
        {
            Onnx = new GraphDocument(bytes, output),
            Labels = numbers >= 2 ? Labels(graph, classes) : null,
            Assumptions = [$"it stays an ONNX graph, which ONNX Runtime serves: {reason}"],
        };
    }

    /// <summary>Outputs that are tensors of numbers, and what maps are made of.</summary>
    private static IEnumerable<string> Candidates(OnnxGraph graph)
    {
        foreach (var output in graph.Outputs)
        {
            if (output.Type is OnnxType.Single or OnnxType.Double)
            {
                yield return output.Name;
            }
            else if (graph.Nodes.FirstOrDefault(node => node.Outputs.Contains(output.Name)) is { Operator: "ZipMap", Inputs: [var zipped] })
            {
                yield return zipped;
            }
        }
    }

    private static (int Columns, int Numbers) Try(byte[] bytes, string output, string reason)
    {
        try
        {
            using var session = OnnxSession.Open(bytes, output);
            return (session.Columns, session.Run(new double[session.Columns]).Length);
        }
        catch (FormatException e)
        {
            throw Wrong($"{reason}; and ONNX Runtime takes none such: {e.Message}");
        }
        catch (OnnxRuntimeException e)
        {
            throw Wrong($"{reason}; and ONNX Runtime refuses it: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>Whatever operator has names for as many classes.</summary>
    private static string[]? Labels(OnnxGraph graph, int classes) => graph.Nodes
        .SelectMany(node => node.Attributes.Values)
        .Where(attribute => attribute.Name.StartsWith("classlabels_", StringComparison.Ordinal))
        .Select(attribute => attribute.Texts.Length > 0
            ? attribute.Texts
            : [.. attribute.Integers.Select(label => label.ToString(CultureInfo.InvariantCulture))])
        .FirstOrDefault(labels => labels.Length == classes);

    private static InputException Wrong(string problem) => ForeignModel.Wrong($"an ONNX graph that cannot be imported: {problem}");
}
