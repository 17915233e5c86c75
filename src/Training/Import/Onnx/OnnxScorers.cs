using System.Globalization;
using IrisOperator.Learning.Format;
using IrisOperator.Learning.Onnx;

namespace IrisOperator.Training.Import.Onnx;

/// <summary>The operators of ai.onnx.ml that score rows, as the specification has them and ONNX Runtime computes them.</summary>
internal static class OnnxScorers
{
    private const string None = "NONE";
    private const string Logistic = "LOGISTIC";
    private const string Softmax = "SOFTMAX";

    public static OnnxTerms TreeClassifier(OnnxNode node, IReadOnlyList<ColumnTerm> columns)
    {
        var labels = Labels(node, "classlabels_int64s");
        var trees = new OnnxTrees(node, "class", labels.Length, columns);
        var bases = OnnxTrees.Numbers(node, "base_values");
        var ids = node.Integers("class_ids").Distinct().ToArray();
        if (labels.Length == 2 && ids.Length == 1)
        {
            return ids[0] == 0
                ? Binary(node, trees, bases) with { Labels = labels }
                : throw new NotInDocumentException("only its second class has scores");
        }
        if (bases.Length != 0 && (labels.Length == 2 || bases.Length != labels.Length))
        {
            throw new NotInDocumentException($"{bases.Length} base_values of {labels.Length} classes");
        }
        var scores = trees.Scores(labels.Length, divisor: 1);
        var margins = scores.Select((score, c) => Margin(score, bases.ElementAtOrDefault(c))).ToArray();
        var group = new object();
        var terms = bases.Length == 0 && node.Text("post_transform", None) == None && trees.IsDistribution()
            ? [.. margins.Select(margin => new ProbabilityTerm(margin, group))]
            : Transformed(node, margins);
        return new OnnxTerms(terms) { Labels = labels };
    }

    public static OnnxTerms TreeRegressor(OnnxNode node, IReadOnlyList<ColumnTerm> columns)
    {
        var targets = Count(node, "n_targets");
        var trees = new OnnxTrees(node, "target", targets, columns);
        var bases = OnnxTrees.Numbers(node, "base_values");
        var divisor = node.Text("aggregate_function", "SUM") switch
        {
            "SUM" => 1,
            "AVERAGE" => trees.Count,
            var other => throw new NotInDocumentException($"its trees are aggregated by {other}"),
        };
        if (bases.Length != 0 && bases.Length != targets)
        {
            throw new NotInDocumentException($"{bases.Length} base_values of {targets} targets");
        }
        MarginTerm[] margins = [.. trees.Scores(targets, divisor).Select((score, t) => Margin(score, bases.ElementAtOrDefault(t)))];
        return new OnnxTerms(Transformed(node, margins));
    }

    public static OnnxTerms LinearClassifier(OnnxNode node, IReadOnlyList<ColumnTerm> columns)
    {
        var labels = Labels(node, "classlabels_ints");
        var margins = Weighted(node, node.Floats("intercepts").Length, columns);
        if (margins.Length == labels.Length)
        {
            return new OnnxTerms(Transformed(node, margins)) { Labels = labels };
        }
        throw new NotInDocumentException($"LinearClassifier has {margins.Length} intercepts and {labels.Length} classes");
    }

    public static OnnxTerms LinearRegressor(OnnxNode node, IReadOnlyList<ColumnTerm> columns) =>
        new(Transformed(node, Weighted(node, Count(node, "targets"), columns)));

    /// <summary>
    /// Two classes by one score, of the second class, though it is numbered 0. ONNX Runtime takes it for a probability where no leaf is
    /// below 0, whatever the transformation says.
    /// </summary>
    private static OnnxTerms Binary(OnnxNode node, OnnxTrees trees, double[] bases)
    {
        if (bases.Length > 1)
        {
            throw new NotInDocumentException("two base_values of one score");
        }
        var margin = Margin(trees.Scores(2, divisor: 1)[0], bases.FirstOrDefault());
        Term? positive = trees.Weights.All(weight => weight >= 0)
            ? bases.Length == 0 && trees.Largest() <= 1 + 1e-3 ? new ProbabilityTerm(margin, new object()) : null
            : node.Text("post_transform", None) == Logistic ? new SigmoidTerm(margin) : null;
        return positive is null
            ? throw new NotInDocumentException("the scores of its two classes are no probabilities")
            : new OnnxTerms([new ComplementTerm(positive), positive]);
    }

    /// <summary>The base is one more tree, added last as ONNX Runtime does: in float32 the order of a sum matters.</summary>
    private static MarginTerm Margin(TreeScore score, double added) => new(added == 0
        ? score
        : score with { Trees = [.. score.Trees, [new(Value: added)]] });

    private static MarginTerm[] Weighted(OnnxNode node, int targets, IReadOnlyList<ColumnTerm> columns)
    {
        var (weights, intercepts) = (node.Floats("coefficients"), node.Floats("intercepts"));
        if (targets == 0 || weights.Length != (long)targets * columns.Count || (intercepts.Length != 0 && intercepts.Length != targets))
        {
            throw ForeignModel.Wrong(
                $"{node.Operator}: {weights.Length} coefficients and {intercepts.Length} intercepts of {columns.Count} columns");
        }
        if (!weights.Concat(intercepts).All(float.IsFinite))
        {
            throw ForeignModel.Wrong($"{node.Operator}: a coefficient or an intercept is not finite");
        }
        return
        [
            .. Enumerable.Range(0, targets).Select(target => new MarginTerm(
                Sum(columns, weights.AsSpan(target * columns.Count, columns.Count), intercepts.ElementAtOrDefault(target)))),
        ];
    }

    /// <summary>Scalings go into the weights: w · (x - offset) · scale.</summary>
    private static LinearScore Sum(IReadOnlyList<ColumnTerm> columns, ReadOnlySpan<float> weights, double intercept)
    {
        var sums = new Dictionary<int, double>();
        for (var c = 0; c < columns.Count; c++)
        {
            double weight = weights[c];
            foreach (var (offset, scale) in columns[c].Scalings.Reverse())
            {
                weight *= scale;
                intercept -= weight * offset;
            }
            sums[columns[c].Index] = sums.GetValueOrDefault(columns[c].Index) + weight;
        }
        return new LinearScore(sums, intercept);
    }

    private static IReadOnlyList<Term> Transformed(OnnxNode node, MarginTerm[] margins)
    {
        var group = new object();
        return node.Text("post_transform", None) switch
        {
            None => margins,
            Logistic => [.. margins.Select(margin => new SigmoidTerm(margin))],
            Softmax => [.. margins.Select(margin => new SoftmaxTerm(margin, group))],
            var other => throw new NotInDocumentException($"post_transform is {other}"),
        };
    }

    private static string[] Labels(OnnxNode node, string integers)
    {
        var labels = node.Texts("classlabels_strings") is { Length: > 0 } texts
            ? texts
            : [.. node.Integers(integers).Select(label => label.ToString(CultureInfo.InvariantCulture))];
        return labels.Length is >= 2 and <= Limits.Classes
            ? labels
            : throw ForeignModel.Wrong($"{node.Operator}: {labels.Length} class labels, expected 2 to {Limits.Classes}");
    }

    private static int Count(OnnxNode node, string name) => node.Integer(name, 1) is >= 1 and <= Limits.Classes and var count
        ? (int)count
        : throw ForeignModel.Wrong($"{node.Operator}: {name} is {node.Integer(name, 1)}, expected 1 to {Limits.Classes}");
}
