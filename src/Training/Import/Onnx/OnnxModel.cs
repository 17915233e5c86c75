using IrisOperator.Learning.Onnx;

namespace IrisOperator.Training.Import.Onnx;

/// <summary>
/// Graphs that are trees or weighted sums, in our document's words: as skl2onnx, onnxmltools and Microsoft.ML export them. Each value of
/// a graph is followed as the list of terms that its numbers stand for. Other graphs stay what they are.
/// </summary>
internal static class OnnxModel
{
    /// <summary>What the report and the document call what became of an ONNX file.</summary>
    public const string Algorithm = "onnx";

    /// <exception cref="InputException">A damaged file, or a graph that computes something else.</exception>
    public static ForeignModel Read(byte[] bytes)
    {
        OnnxGraph graph;
        try
        {
            graph = OnnxReader.Read(bytes);
        }
        catch (FormatException e)
        {
            throw ForeignModel.Wrong($"not as ONNX has a model: {e.Message}");
        }
        try
        {
            return Convert(graph);
        }
        catch (NotInDocumentException e)
        {
            return KeptGraph.Of(bytes, graph, e.Message);
        }
    }

    /// <exception cref="InputException">Parameters that do not fit each other.</exception>
    /// <exception cref="NotInDocumentException">Neither trees nor weighted sums.</exception>
    private static ForeignModel Convert(OnnxGraph graph)
    {
        var values = Evaluate(graph);
        (string Output, OnnxAnswer Answer)? regression = null;
        var problem = "";
        foreach (var output in graph.Outputs)
        {
            var value = values[output.Name];
            var (answer, found) = Answer(value);
            if (answer is { Classes: > 0 })
            {
                return new OnnxDocument(graph, output.Name).Of(answer, value.Labels);
            }
            regression ??= answer is null ? null : (output.Name, answer);
            problem = problem == "" && output.Type is OnnxType.Single or OnnxType.Double or null ? found : problem;
        }

        // Microsoft.ML's name for the class that a score stands for.
        if (regression is null || graph.Outputs.Any(output => output.Name == "PredictedLabel.output"))
        {
            throw new NotInDocumentException(
                problem == "" ? "none of its outputs holds probabilities, or one number for each row" : problem);
        }
        return new OnnxDocument(graph, regression.Value.Output).Of(regression.Value.Answer, null);
    }

    private static (OnnxAnswer? Answer, string Problem) Answer(OnnxTerms value)
    {
        try
        {
            return (OnnxAnswer.Of(value), value.Problem ?? "");
        }
        catch (NotInDocumentException e)
        {
            return (null, e.Message);
        }
    }

    private static Dictionary<string, OnnxTerms> Evaluate(OnnxGraph graph)
    {
        var operators = new OnnxOperators(graph.Initializers);
        var values = OnnxInputs.Terms(graph);
        foreach (var node in graph.Nodes)
        {
            OnnxTerms?[] inputs = [.. node.Inputs.Select(values.GetValueOrDefault)];
            var made = Evaluate(operators, node, inputs);
            for (var i = 0; i < node.Outputs.Count; i++)
            {
                values[node.Outputs[i]] = i < made.Length ? made[i] : OnnxTerms.Unknown("");
            }
        }
        foreach (var name in graph.Initializers.Keys)
        {
            values.TryAdd(name, OnnxTerms.Unknown($"{name} is a constant"));
        }
        return values;
    }

    /// <summary>What an operator makes of something unknown is as unknown.</summary>
    private static OnnxTerms[] Evaluate(OnnxOperators operators, OnnxNode node, OnnxTerms?[] inputs)
    {
        if (inputs.FirstOrDefault(input => input?.Problem is not null) is { } unknown)
        {
            return [.. node.Outputs.Select(_ => unknown)];
        }
        try
        {
            return operators.Evaluate(node, inputs);
        }
        catch (NotInDocumentException e)
        {
            return [.. node.Outputs.Select(_ => OnnxTerms.Unknown(e.Message))];
        }
    }
}

/// <summary>A graph is whole, but computes something that trees or weighted sums of our document do not say.</summary>
internal sealed class NotInDocumentException(string problem) : Exception(problem);
