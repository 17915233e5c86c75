using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IrisOperator.Learning.Format;

namespace IrisOperator.Learning.Prediction;

/// <summary>
/// Summed regression trees, one margin per class or a single one, then the link.
/// </summary>
/// <remarks>
/// All arithmetic is that of the library that trained, in its order, so that both agree to the last bits of exp(). XGBoost sums margins
/// tree by tree in float32; LightGBM and FastForest of Microsoft.ML sum in float64 and round to float32 before the link. A row goes left
/// when its value is less than the threshold.
/// All trees lie in one array of nodes; children have larger indices than their parent, so that a walk always ends.
/// </remarks>
/// <typeparam name="T">Float or double, so that each has nodes and a walk of its own: 16 bytes a node with float.</typeparam>
internal sealed class TreeEnsemble<T> : Predictor
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int MaxStackBytes = 2048;

    private readonly T _baseScore;
    private readonly TreeNode<T>[] _nodes;
    private readonly TreeRoot[] _roots;
    private readonly Link _link;
    private readonly int _margins;

    // Only programs that answer many rows at once need it.
    private TreeBatch<T>? _batch;

    /// <summary>Takes a document that <see cref="TreesValidator{T}"/> has passed.</summary>
    public TreeEnsemble(TreesDocument<T> document)
    {
        var nodes = new List<TreeNode<T>>();
        _roots = new TreeRoot[document.Trees.Length];
        for (var t = 0; t < _roots.Length; t++)
        {
            var offset = nodes.Count;
            _roots[t] = new TreeRoot(offset, document.Trees[t].Class);
            foreach (var node in document.Trees[t].Nodes)
            {
                var left = offset + node.Left.GetValueOrDefault();
                nodes.Add(node.Value is { } value
                    ? new TreeNode<T>(value, -1, nodes.Count, nodes.Count)
                    : new TreeNode<T>(
                        node.Threshold!.Value, node.Feature!.Value, node.MissingLeft ? ~left : left, offset + node.Right!.Value));
            }
        }
        (_baseScore, _nodes) = (T.CreateTruncating(document.BaseScore), [.. nodes]);
        (_link, _margins, TakesMissing) = (new Link(document.Link), document.Classes, document.TakesMissing is true);
        Explainer = document.Trees[0].Covers is null ? null : new TreeExplainer<T>(document, _nodes, _roots);
    }

    public override bool TakesMissing { get; }

    public override IMarginExplainer? Explainer { get; }

    public override string Unexplained => "its file does not say how many rows reached each leaf; train or import it again";

    public override void Predict(ReadOnlySpan<double> columns, Span<double> answers)
    {
        var length = columns.Length + _margins;
        if (length <= MaxStackBytes / Unsafe.SizeOf<T>())
        {
            Predict(columns, stackalloc T[length], answers);
            return;
        }
        var rented = ArrayPool<T>.Shared.Rent(length);
        try
        {
            Predict(columns, rented.AsSpan(0, length), answers);
        }
        finally
        {
            ArrayPool<T>.Shared.Return(rented);
        }
    }

    public override void PredictRows(ReadOnlySpan<double> rows, int columns, Span<double> answers)
    {
        var width = answers.Length / (rows.Length / columns);
        var memory = ArrayPool<T>.Shared.Rent(TreeBatch<T>.Rows * (columns + _margins));
        try
        {
            var batch = LazyInitializer.EnsureInitialized(ref _batch, () => new(_nodes, _roots, _baseScore, _margins, TakesMissing));
            for (; rows.Length > 0; rows = rows[Math.Min(rows.Length, TreeBatch<T>.Rows * columns)..])
            {
                var taken = Math.Min(rows.Length / columns, TreeBatch<T>.Rows);
                var block = memory.AsSpan(0, taken * columns);
                var margins = memory.AsSpan(block.Length, taken * _margins);
                for (var i = 0; i < block.Length; i++)
                {
                    block[i] = T.CreateTruncating(rows[i]);
                }
                batch.Sum(block, columns, margins);
                for (var row = 0; row < taken; row++)
                {
                    _link.Apply(Singles(margins.Slice(row * _margins, _margins)), answers[..width]);
                    answers = answers[width..];
                }
            }
        }
        finally
        {
            ArrayPool<T>.Shared.Return(memory);
        }
    }

    /// <param name="memory">Room for the columns and for the margins.</param>
    private void Predict(ReadOnlySpan<double> columns, Span<T> memory, Span<double> answers)
    {
        var row = memory[..columns.Length];
        var margins = memory[columns.Length..];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = T.CreateTruncating(columns[i]);
        }
        margins.Fill(_baseScore);
        if (TakesMissing)
        {
            SumWithMissing(row, margins);
            _link.Apply(Singles(margins), answers);
            return;
        }
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
        _link.Apply(Singles(margins), answers);
    }

    private void SumWithMissing(ReadOnlySpan<T> row, Span<T> margins)
    {
        var nodes = _nodes;
        foreach (var root in _roots)
        {
            ref readonly var node = ref nodes[root.Node];
            while (node.Feature >= 0)
            {
                node = ref nodes[node.GoesLeft(row[node.Feature]) ? node.LeftChild : node.Right];
            }
            margins[root.Class] += node.Value;
        }
    }

    /// <summary>In place: a number of float32 never lies beyond the one of float64 that it is made of.</summary>
    private static Span<float> Singles(Span<T> margins)
    {
        var singles = MemoryMarshal.Cast<T, float>(margins)[..margins.Length];
        if (typeof(T) != typeof(float))
        {
            for (var i = 0; i < singles.Length; i++)
            {
                singles[i] = float.CreateTruncating(margins[i]);
            }
        }
        return singles;
    }
}

/// <summary>
/// <paramref name="Value"/> is the threshold of a split, or the weight of a leaf (feature -1), which leads to itself.
/// <paramref name="Left"/> is negated bit by bit where a missing value goes left.
/// </summary>
internal readonly record struct TreeNode<T>(T Value, int Feature, int Left, int Right)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public int LeftChild => Left < 0 ? ~Left : Left;

    public bool GoesLeft(T value) => value < Value || (Left < 0 && T.IsNaN(value));
}

/// <summary>Where a tree begins, and the margin that it adds to.</summary>
internal readonly record struct TreeRoot(int Node, int Class);
