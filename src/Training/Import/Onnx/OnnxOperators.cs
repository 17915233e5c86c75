using IrisOperator.Learning.Onnx;

namespace IrisOperator.Training.Import.Onnx;

/// <summary>What each operator makes of the terms that it is given.</summary>
/// <param name="constants">Initializers of the graph.</param>
internal sealed class OnnxOperators(IReadOnlyDictionary<string, OnnxTensor> constants)
{
    /// <summary>The values that a node makes, in the order of its outputs; those of classifiers begin with the label.</summary>
    /// <exception cref="InputException">Parameters that do not fit each other.</exception>
    /// <exception cref="NotInDocumentException">Our document has no word for what it makes.</exception>
    public OnnxTerms[] Evaluate(OnnxNode node, OnnxTerms?[] inputs)
    {
        var label = OnnxTerms.Unknown("");
        return node.FullOperator switch
        {
            "Identity" or "Max" or "Min" when inputs is [{ } same] => [same],
            $"{OnnxNode.Ml}.ZipMap" => [Given(node, inputs)],
            "Cast" => [Cast(node, Given(node, inputs))],
            "Concat" when node.Integer("axis", 0) is 1 or -1 => [Concat(node, inputs)],
            $"{OnnxNode.Ml}.FeatureVectorizer" => [Concat(node, inputs)],
            $"{OnnxNode.Ml}.ArrayFeatureExtractor" => [Extract(node, Given(node, inputs))],
            $"{OnnxNode.Ml}.Scaler" => [Scale(node, Columns(node, inputs))],
            $"{OnnxNode.Ml}.Normalizer" => [Normalize(node, Given(node, inputs))],
            $"{OnnxNode.Ml}.TreeEnsembleClassifier" => [label, OnnxScorers.TreeClassifier(node, Columns(node, inputs))],
            $"{OnnxNode.Ml}.TreeEnsembleRegressor" => [OnnxScorers.TreeRegressor(node, Columns(node, inputs))],
            $"{OnnxNode.Ml}.LinearClassifier" => [label, OnnxScorers.LinearClassifier(node, Columns(node, inputs))],
            $"{OnnxNode.Ml}.LinearRegressor" => [OnnxScorers.LinearRegressor(node, Columns(node, inputs))],
            "Mul" or "Div" or "Add" or "Sum" or "Sigmoid" or "Softmax" or "Exp" or "ReduceSum" or "Clip" or "Not" =>
                [OnnxArithmetic.Evaluate(node, inputs, Number)],
            _ => throw NoWord(node),
        };
    }

    /// <summary>The number that a constant holds; null where the input is none, or has several.</summary>
    private double? Number(string name) =>
        constants.TryGetValue(name, out var tensor) && tensor.Numbers is [var number] && double.IsFinite(number) ? number : null;

    private static OnnxTerms Given(OnnxNode node, OnnxTerms?[] inputs) => inputs is [{ } terms, ..] ? terms : throw NoWord(node);

    private static IReadOnlyList<ColumnTerm> Columns(OnnxNode node, OnnxTerms?[] inputs) =>
        Given(node, inputs).All<ColumnTerm>() ?? throw NoWord(node);

    private static OnnxTerms Cast(OnnxNode node, OnnxTerms terms) => ((OnnxType)node.Integer("to", 0), terms) switch
    {
        (OnnxType.Single, _) => terms with
        {
            Terms = [.. terms.Terms.Select(term => term is ColumnTerm column ? column with { IsDouble = false } : term)],
        },
        (OnnxType.Double, _) => terms,
        (OnnxType.Boolean, { Terms: [SumTerm sum] }) => new OnnxTerms([new ZeroTestTerm(sum, IsNegated: true)]),
        _ => throw NoWord(node),
    };

    private static OnnxTerms Concat(OnnxNode node, OnnxTerms?[] inputs)
    {
        if (inputs.Any(input => input is null))
        {
            throw NoWord(node);
        }
        Term[] terms = [.. inputs.SelectMany(input => input!.Terms)];

        // The runtime has one type for all; what is of float32 is so already, and its comparisons are the same among numbers of float64.
        return terms.OfType<ColumnTerm>().Select(column => column.IsDouble).Distinct().Count() <= 1
            ? new OnnxTerms(terms)
            : throw new NotInDocumentException("columns of float32 and of float64 are joined");
    }

    private OnnxTerms Extract(OnnxNode node, OnnxTerms terms)
    {
        if (node.Inputs.Count != 2 || !constants.TryGetValue(node.Inputs[1], out var indices))
        {
            throw NoWord(node);
        }
        return indices.Numbers.All(index => index >= 0 && index < terms.Terms.Count)
            ? new OnnxTerms([.. indices.Numbers.Select(index => terms.Terms[(int)index])]) { Labels = terms.Labels is null ? null : [] }
            : throw ForeignModel.Wrong($"{node.Operator}: an index of {node.Inputs[1]} is not below {terms.Terms.Count}");
    }

    private static OnnxTerms Scale(OnnxNode node, IReadOnlyList<ColumnTerm> columns)
    {
        var (offsets, scales) = (node.Floats("offset"), node.Floats("scale"));
        if (columns.Any(column => column.IsDouble))
        {
            throw new NotInDocumentException("columns of float64 are scaled");
        }
        if (new[] { offsets, scales }.Any(array => (array.Length != 1 && array.Length != columns.Count) || !array.All(float.IsFinite)))
        {
            throw ForeignModel.Wrong($"{node.Operator}: expected 1 or {columns.Count} finite numbers of offset and of scale");
        }
        return new OnnxTerms(
        [
            .. columns.Select((column, c) => column with
            {
                Scalings = [.. column.Scalings, (offsets[offsets.Length == 1 ? 0 : c], scales[scales.Length == 1 ? 0 : c])],
            }),
        ]);
    }

    /// <summary>L1 over what is never below 0: divided by the sum.</summary>
    private static OnnxTerms Normalize(OnnxNode node, OnnxTerms terms)
    {
        if (node.Text("norm", "MAX") != "L1")
        {
            throw NoWord(node);
        }
        if (terms.All<SigmoidTerm>() is not null)
        {
            var sum = new SumTerm(terms.Terms);
            return terms with { Terms = [.. terms.Terms.Select(term => new ShareTerm(term, sum))] };
        }
        return terms.Terms is [ComplementTerm, _] || terms.All<SoftmaxTerm>() is not null || terms.All<ProbabilityTerm>() is not null
            ? terms
            : throw NoWord(node);
    }

    internal static NotInDocumentException NoWord(OnnxNode node) =>
        new($"{node.FullOperator} computes something that is neither trees nor weighted sums of columns");
}
