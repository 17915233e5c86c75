using IrisOperator.Learning.Format;
using IrisOperator.Learning.Onnx;

namespace IrisOperator.Training.Import.Onnx;

/// <summary>From what a graph answers to a model of ours.</summary>
/// <param name="output">The output that holds the answer.</param>
internal sealed class OnnxDocument(OnnxGraph graph, string output)
{
    /// <param name="labels">Of the classes, as the operator says.</param>
    public ForeignModel Of(OnnxAnswer answer, IReadOnlyList<string>? labels)
    {
        var (columns, names) = Columns();
        var margins = answer.Classes == 0 ? [.. answer.Margins.Select(Folded)] : answer.Margins;
        var model = new ForeignModel(OnnxModel.Algorithm, columns.Count, names, answer.Classes)
        {
            Labels = answer.Classes == 0 ? null : SlotNames(answer.Classes) ?? labels,
        };
        if (margins.All(margin => margin.Score is LinearScore))
        {
            LinearScore[] scores = [.. margins.Select(margin => (LinearScore)margin.Score)];
            return model with
            {
                Linear = new LinearDocument(
                    [.. scores.Select(score => columns.Keys.Order().Select(column => score.Weights.GetValueOrDefault(column)).ToArray())],
                    [.. scores.Select(score => score.Intercept)],
                    Link: answer.Link),
            };
        }
        if (!margins.All(margin => margin.Score is TreeScore))
        {
            throw new NotInDocumentException("it adds trees to weighted sums");
        }
        TreeScore[] trees = [.. margins.Select(margin => (TreeScore)margin.Score)];
        return trees.Any(score => score.IsDouble)
            ? model with { DoubleTrees = Trees(trees, columns, answer.Link, value => value) }
            : model with { Trees = Trees(trees, columns, answer.Link, value => (float)value) };
    }

    /// <summary>Of the inputs that the answer needs: where each number of a row stands, from where it stands among all inputs.</summary>
    private (Dictionary<int, int> Columns, IReadOnlyList<string>? Names) Columns()
    {
        var needed = graph.InputsOf(output);
        var columns = new Dictionary<int, int>();
        var next = 0;
        foreach (var input in graph.Inputs)
        {
            var width = OnnxInputs.Width(input);
            if (needed.Contains(input))
            {
                foreach (var column in Enumerable.Range(next, width))
                {
                    columns.Add(column, columns.Count);
                }
            }
            next += width;
        }
        return (columns, needed.Count > 1 && needed.Count == columns.Count ? [.. needed.Select(input => input.Name)] : null);
    }

    /// <summary>Microsoft.ML keeps the names of the classes in a node that nothing uses.</summary>
    private string[]? SlotNames(int classes)
    {
        var column = output.EndsWith(".output", StringComparison.Ordinal) ? output[..^".output".Length] : output;
        var names = graph.Nodes.FirstOrDefault(node => node.Name == $"mlnet.{column}.SlotNames")?.Texts("keys_strings");
        return names?.Length == classes ? names : null;
    }

    /// <summary>Slope and offset in the weights or the leaves.</summary>
    private static MarginTerm Folded(MarginTerm margin) => (margin.Score, margin.Slope, margin.Offset) switch
    {
        (_, 1, 0) => margin,
        (LinearScore score, var slope, var offset) => new MarginTerm(new LinearScore(
            score.Weights.ToDictionary(weight => weight.Key, weight => weight.Value * slope), (score.Intercept * slope) + offset)),
        (TreeScore score, var slope, var offset) => new MarginTerm(score with
        {
            Trees =
            [
                .. score.Trees.Select(tree => tree
                    .Select(node => node.Value is { } value ? node with { Value = value * slope } : node)
                    .ToArray()),
                [new(Value: offset)],
            ],
        }),
        _ => margin,
    };

    /// <summary>One tree per margin and round; a margin with fewer trees than another has empty ones at the end.</summary>
    private static TreesDocument<T> Trees<T>(TreeScore[] scores, Dictionary<int, int> columns, LinkDocument? link, Func<double, T> number)
        where T : struct
    {
        var rounds = Math.Max(1, scores.Max(score => score.Trees.Count));
        var takesMissing = scores.Any(score => score.TakesMissing);
        return new TreesDocument<T>(
            0, rounds, scores.Length,
            [
                .. Enumerable.Range(0, rounds).SelectMany(round => scores.Select((score, margin) => new TreeDocument<T>(
                    margin, round < score.Trees.Count ? Nodes(score.Trees[round]) : [new NodeDocument<T>(Value: default(T))]))),
            ],
            takesMissing ? true : null,
            link);

        NodeDocument<T>[] Nodes(NodeDocument<double>[] nodes) =>
        [
            .. nodes.Select(node => node.Value is { } value
                ? new NodeDocument<T>(Value: number(value))
                : new NodeDocument<T>(
                    columns[node.Feature!.Value], number(node.Threshold!.Value), node.Left, node.Right, MissingLeft: node.MissingLeft)),
        ];
    }
}
