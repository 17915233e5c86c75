using System.Numerics;

namespace IrisOperator.Learning.Prediction;

/// <summary>
/// The margins of many rows: each tree is asked for a block of rows while it is in the cache, and four rows go down side by side, so
/// that the processor need not wait for one split before it reads the next. Each row's sum is that of the walk of one row.
/// </summary>
internal readonly ref struct TreeBatch<T>(ReadOnlySpan<TreeNode<T>> nodes, ReadOnlySpan<TreeRoot> roots, T baseScore, int margins)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public const int Rows = 64;

    private readonly ReadOnlySpan<TreeNode<T>> _nodes = nodes;
    private readonly ReadOnlySpan<TreeRoot> _roots = roots;

    /// <param name="rows">At most <see cref="Rows"/>, one after another, of as many columns.</param>
    /// <param name="sums">Receives the margins of each row.</param>
    public void Sum(ReadOnlySpan<T> rows, int columns, Span<T> sums)
    {
        sums.Fill(baseScore);
        var count = rows.Length / columns;
        foreach (var root in _roots)
        {
            var row = 0;
            for (; row + 4 <= count; row += 4)
            {
                var (a, b, c, d) = (root.Node, root.Node, root.Node, root.Node);
                var first = rows.Slice(row * columns, columns);
                var second = rows.Slice((row + 1) * columns, columns);
                var third = rows.Slice((row + 2) * columns, columns);
                var fourth = rows.Slice((row + 3) * columns, columns);
                // A leaf has feature -1 and leads to itself.
                while ((_nodes[a].Feature & _nodes[b].Feature & _nodes[c].Feature & _nodes[d].Feature) >= 0)
                {
                    (a, b) = (_nodes[a].Next(first), _nodes[b].Next(second));
                    (c, d) = (_nodes[c].Next(third), _nodes[d].Next(fourth));
                }
                sums[(row * margins) + root.Class] += _nodes[a].Value;
                sums[((row + 1) * margins) + root.Class] += _nodes[b].Value;
                sums[((row + 2) * margins) + root.Class] += _nodes[c].Value;
                sums[((row + 3) * margins) + root.Class] += _nodes[d].Value;
            }
            for (; row < count; row++)
            {
                var node = root.Node;
                while (_nodes[node].Feature >= 0)
                {
                    node = _nodes[node].Next(rows.Slice(row * columns, columns));
                }
                sums[(row * margins) + root.Class] += _nodes[node].Value;
            }
        }
    }
}
