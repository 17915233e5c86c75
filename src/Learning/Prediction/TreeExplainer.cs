using System.Numerics;
using IrisOperator.Learning.Format;

namespace IrisOperator.Learning.Prediction;

/// <summary>
/// Shapley values of summed trees, where a feature that is not known sends a row down both branches of a split, in the proportion of the
/// training rows that went there: the path-dependent values of TreeSHAP (Lundberg, Erion, Lee, "Consistent Individualized Feature
/// Attribution for Tree Ensembles", 2018), exact but for rounding.
/// </summary>
/// <remarks>
/// A leaf is reached with the product over the features on its path of z, the share of the rows that went its way there, where the
/// feature is unknown, and of o where it is known: 1 if the row goes that way, else 0. With each feature known with probability t the leaf
/// adds v(t) = value times the product of z + (o - z) t. The Shapley value of a feature is the integral over t from 0 to 1 of
/// v(t) (o - z) / (z + (o - z) t) (Owen, "Multilinear Extensions of Games", 1972), a polynomial of a degree below the number of features,
/// which a sum over the points of Gauss and Legendre gives without error. So each node is visited once, and its work is the number of
/// points, where Algorithm 2 of the paper extends and unwinds lists whose differences lose digits in deep trees.
/// </remarks>
internal sealed class TreeExplainer<T> : IMarginExplainer
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly TreeNode<T>[] _nodes;
    private readonly TreeRoot[] _roots;
    private readonly float[] _covers;
    private readonly double[] _bases;
    private readonly double[] _points;
    private readonly double[] _weights;
    private readonly int _splits;

    /// <summary>Takes a document with covers, and the nodes that were made of it.</summary>
    public TreeExplainer(TreesDocument<T> document, TreeNode<T>[] nodes, TreeRoot[] roots)
    {
        (_nodes, _roots, _covers) = (nodes, roots, new float[nodes.Length]);
        _bases = new double[document.Classes];
        _bases.AsSpan().Fill(document.BaseScore);
        for (var t = 0; t < roots.Length; t++)
        {
            var (mean, splits) = Summarise(roots[t].Node, document.Trees[t].Nodes.Length, document.Trees[t].Covers!);
            _bases[roots[t].Class] += mean;
            _splits = Math.Max(_splits, splits);
        }
        var columns = 0;
        foreach (ref readonly var node in nodes.AsSpan())
        {
            columns = Math.Max(columns, node.Feature + 1);
        }
        var rule = new Quadrature(Math.Max(1, (Math.Min(_splits, columns) + 1) / 2));
        (_points, _weights) = (rule.Points, rule.Weights);
    }

    public int Margins => _bases.Length;

    public long Steps => (long)_nodes.Length * (_points.Length + _splits + 1);

    public void Explain(ReadOnlySpan<double> columns, ReadOnlySpan<int> featureOf, Span<double> contributions)
    {
        var width = contributions.Length / Margins;
        var length = (_splits + 1) * _points.Length;
        using var memory = new WorkArray(2 * length);
        // Of 24 bytes each, and fewer of them than Limits.TreeDepth.
        Span<Edge> path = stackalloc Edge[_splits];
        var walk = new Walk
        {
            Columns = columns,
            FeatureOf = featureOf,
            Path = path,
            Products = memory.Span[..length],
            Sums = memory.Span[length..],
        };
        for (var margin = 0; margin < Margins; margin++)
        {
            contributions[margin * width] = _bases[margin];
        }
        walk.Products[.._points.Length].Fill(1);
        foreach (var root in _roots)
        {
            walk.Contributions = contributions.Slice((root.Class * width) + 1, width - 1);
            Visit(root.Node, 0, ref walk);
        }
    }

    /// <summary>Adds up the covers of the leaves from below; children come after their parent.</summary>
    /// <returns>The mean of the leaves, and the most splits on the way to one.</returns>
    private (double Mean, int Splits) Summarise(int root, int length, float[] leafCovers)
    {
        var (means, splits) = (new double[length], new byte[length]);
        var leaf = leafCovers.Length;
        for (var n = length - 1; n >= 0; n--)
        {
            ref readonly var node = ref _nodes[root + n];
            if (node.Feature < 0)
            {
                (_covers[root + n], means[n]) = (leafCovers[--leaf], double.CreateTruncating(node.Value));
                continue;
            }
            var (left, right) = (node.LeftChild, node.Right);
            _covers[root + n] = _covers[left] + _covers[right];
            means[n] = (Share(root + n, left) * means[left - root]) + (Share(root + n, right) * means[right - root]);
            splits[n] = (byte)(1 + Math.Max(splits[left - root], splits[right - root]));
        }
        return (means[0], splits[0]);
    }

    /// <summary>Of the rows at a node, those that go to its child; none where there were none.</summary>
    private double Share(int parent, int child) => _covers[parent] > 0 ? (double)_covers[child] / _covers[parent] : 0;

    /// <summary>Leaves what the leaves below add, one number per point, among the sums of this depth.</summary>
    private void Visit(int index, int depth, scoped ref Walk walk)
    {
        ref readonly var node = ref _nodes[index];
        var sums = walk.Sums.Slice(depth * _points.Length, _points.Length);
        if (node.Feature < 0)
        {
            var products = walk.Products.Slice(depth * _points.Length, _points.Length);
            var value = double.CreateTruncating(node.Value);
            for (var k = 0; k < sums.Length; k++)
            {
                sums[k] = value * products[k];
            }
            return;
        }
        sums.Clear();
        var goesLeft = node.GoesLeft(T.CreateTruncating(walk.Columns[node.Feature]));
        Follow(index, node.LeftChild, goesLeft, depth, ref walk);
        Follow(index, node.Right, !goesLeft, depth, ref walk);
    }

    /// <summary>Visits a child. The edge to it stands in for an earlier one of the same column, whose part it takes back.</summary>
    private void Follow(int parent, int child, bool isTaken, int depth, scoped ref Walk walk)
    {
        var column = _nodes[parent].Feature;
        var before = Edge.Last(walk.Path[..depth], column);
        var after = new Edge(column, before.Unknown * Share(parent, child), isTaken ? before.Known : 0);
        if (after is { Unknown: 0, Known: 0 })
        {
            // No leaf below adds anything, whatever is known.
            return;
        }
        walk.Path[depth] = after;
        var points = _points;
        var from = walk.Products.Slice(depth * points.Length, points.Length);
        var to = walk.Products.Slice((depth + 1) * points.Length, points.Length);
        for (var k = 0; k < points.Length; k++)
        {
            to[k] = from[k] * after.At(points[k]) / before.At(points[k]);
        }
        Visit(child, depth + 1, ref walk);
        var sums = walk.Sums.Slice(depth * points.Length, points.Length);
        var below = walk.Sums.Slice((depth + 1) * points.Length, points.Length);
        var total = 0.0;
        for (var k = 0; k < points.Length; k++)
        {
            total += _weights[k] * below[k] * (after.Slope(points[k]) - before.Slope(points[k]));
            sums[k] += below[k];
        }
        walk.Contributions[walk.FeatureOf[column]] += total;
    }

    /// <summary>What one row needs; products and sums have one number per point for each depth.</summary>
    private ref struct Walk
    {
        public ReadOnlySpan<double> Columns;
        public ReadOnlySpan<int> FeatureOf;
        public Span<Edge> Path;
        public Span<double> Products;
        public Span<double> Sums;
        public Span<double> Contributions;
    }

    /// <summary>All splits by a column so far: z of the remarks is <paramref name="Unknown"/>, o is <paramref name="Known"/>.</summary>
    private readonly record struct Edge(int Column, double Unknown, double Known)
    {
        public static Edge Last(ReadOnlySpan<Edge> path, int column)
        {
            for (var d = path.Length - 1; d >= 0; d--)
            {
                if (path[d].Column == column)
                {
                    return path[d];
                }
            }
            return new Edge(column, 1, 1);
        }

        public double At(double t) => Unknown + ((Known - Unknown) * t);

        public double Slope(double t) => (Known - Unknown) / At(t);
    }
}
