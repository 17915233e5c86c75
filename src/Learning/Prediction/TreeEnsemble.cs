using System.Buffers;
using IrisOperator.Learning.Format;

namespace IrisOperator.Learning.Prediction;

/// <summary>
/// Boosted regression trees, one margin per class, then softmax.
/// </summary>
/// <remarks>
/// All arithmetic is float32 in the order in which XGBoost does it (margins summed tree by tree, softmax with a double
/// sum), so that both agree to the last bits of exp(). A row goes left when its value is less than the threshold.
/// All trees lie in one array of nodes; children have larger indices than their parent, so that a walk always ends.
/// </remarks>
internal sealed class TreeEnsemble : Predictor
{
    /// <summary>Numbers of single precision, 2 kB.</summary>
    private const int MaxStack = 512;

    private readonly float _baseScore;
    private readonly Node[] _nodes;
    private readonly Root[] _roots;

    /// <summary>Takes a document that <see cref="TreesValidator"/> has passed.</summary>
    public TreeEnsemble(TreesDocument document)
    {
        var nodes = new List<Node>();
        _roots = new Root[document.Trees.Length];
        for (var t = 0; t < _roots.Length; t++)
        {
            var offset = nodes.Count;
            _roots[t] = new Root(offset, document.Trees[t].Class);
            foreach (var node in document.Trees[t].Nodes)
            {
                nodes.Add(node.Value is { } value
                    ? new Node(value, -1, 0, 0)
                    : new Node(node.Threshold!.Value, node.Feature!.Value, offset + node.Left!.Value, offset + node.Right!.Value));
            }
        }
        (_baseScore, _nodes) = (document.BaseScore, [.. nodes]);
    }

    public override void PredictProbabilities(ReadOnlySpan<double> features, Span<double> probabilities)
    {
        var length = features.Length + probabilities.Length;
        if (length <= MaxStack)
        {
            Predict(features, stackalloc float[length], probabilities);
            return;
        }
        var rented = ArrayPool<float>.Shared.Rent(length);
        try
        {
            Predict(features, rented.AsSpan(0, length), probabilities);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    /// <param name="memory">Room for the features and for the margins, in single precision.</param>
    private void Predict(ReadOnlySpan<double> features, Span<float> memory, Span<double> probabilities)
    {
        var row = memory[..features.Length];
        var margins = memory[features.Length..];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = (float)features[i];
        }
        margins.Fill(_baseScore);
        var nodes = _nodes;
        foreach (var root in _roots)
        {
            ref readonly var node = ref nodes[root.Node];
            while (node.Feature >= 0)
            {
                node = ref nodes[row[node.Feature] < node.Value ? node.Left : node.Right];
            }
            margins[root.Class] += node.Value;
        }
        Softmax(margins, probabilities);
    }

    private static void Softmax(Span<float> margins, Span<double> probabilities)
    {
        var largest = margins[0];
        foreach (var margin in margins)
        {
            largest = MathF.Max(largest, margin);
        }
        var sum = 0.0;
        for (var i = 0; i < margins.Length; i++)
        {
            margins[i] = MathF.Exp(margins[i] - largest);
            sum += margins[i];
        }
        for (var i = 0; i < margins.Length; i++)
        {
            probabilities[i] = margins[i] / (float)sum;
        }
    }

    /// <summary><paramref name="Value"/> is the threshold of a split, or the weight of a leaf (feature -1).</summary>
    private readonly record struct Node(float Value, int Feature, int Left, int Right);

    private readonly record struct Root(int Node, int Class);
}

/// <summary>The arithmetic of one kind of model. Inputs were checked by <see cref="Model"/>.</summary>
internal abstract class Predictor
{
    public abstract void PredictProbabilities(ReadOnlySpan<double> features, Span<double> probabilities);
}
