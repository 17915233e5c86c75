using System.Numerics;

namespace IrisOperator.Learning.Prediction;

/// <summary>
/// The margins of many rows: a block of rows goes down one tree side by side, level by level, so that the processor need not wait for
/// one split before it reads the next. Each row's sum is that of the walk of one row.
/// </summary>
/// <remarks>
/// Of each split the children are neighbours, the right one after the left one. A leaf leads to itself, for no number is at least NaN,
/// and so every row takes as many steps as the longest way down.
/// </remarks>
internal sealed class TreeBatch<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public const int Rows = 64;

    private readonly Node[] _nodes;
    private readonly T[] _weights;
    private readonly Tree[] _trees;
    private readonly T _baseScore;
    private readonly int _margins;
    private readonly bool _takesMissing;

    public TreeBatch(ReadOnlySpan<TreeNode<T>> nodes, ReadOnlySpan<TreeRoot> roots, T baseScore, int margins, bool takesMissing)
    {
        (_nodes, _weights, _trees) = (new Node[nodes.Length], new T[nodes.Length], new Tree[roots.Length]);
        (_baseScore, _margins, _takesMissing) = (baseScore, margins, takesMissing);
        for (var t = 0; t < roots.Length; t++)
        {
            var end = t + 1 < roots.Length ? roots[t + 1].Node : nodes.Length;
            _trees[t] = new Tree(roots[t].Node, end - roots[t].Node, Place(nodes, roots[t].Node), roots[t].Class);
        }
    }

    /// <param name="rows">At most <see cref="Rows"/>, one after another, of as many columns.</param>
    /// <param name="sums">Receives the margins of each row.</param>
    public void Sum(ReadOnlySpan<T> rows, int columns, Span<T> sums)
    {
        sums.Fill(_baseScore);
        var places = (stackalloc int[Rows])[..(rows.Length / columns)];
        foreach (ref readonly var tree in _trees.AsSpan())
        {
            var nodes = _nodes.AsSpan(tree.Begin, tree.Length);
            places.Clear();
            for (var level = 0; level < tree.Levels; level++)
            {
                if (_takesMissing)
                {
                    DescendWithMissing(nodes, rows, columns, places);
                }
                else
                {
                    Descend(nodes, rows, columns, places);
                }
            }
            var weights = _weights.AsSpan(tree.Begin, tree.Length);
            for (int row = 0, sum = tree.Margin; row < places.Length; row++, sum += _margins)
            {
                sums[sum] += weights[places[row]];
            }
        }
    }

    // No branch that could be foretold wrongly in the next two.
    private static void Descend(ReadOnlySpan<Node> nodes, ReadOnlySpan<T> rows, int columns, Span<int> places)
    {
        for (int row = 0, first = 0; row < places.Length; row++, first += columns)
        {
            ref readonly var node = ref nodes[places[row]];
            places[row] = node.Left + (rows[first + node.Feature] >= node.Threshold ? 1 : 0);
        }
    }

    private static void DescendWithMissing(ReadOnlySpan<Node> nodes, ReadOnlySpan<T> rows, int columns, Span<int> places)
    {
        for (int row = 0, first = 0; row < places.Length; row++, first += columns)
        {
            ref readonly var node = ref nodes[places[row]];
            var value = rows[first + node.Feature];
            places[row] = node.Left + ((value >= node.Threshold ? 1 : 0) | (node.MissingRight & (value < node.Threshold ? 0 : 1)));
        }
    }

    /// <summary>Gives the nodes of one tree their places, level by level.</summary>
    /// <returns>How many splits lie above the deepest leaf.</returns>
    private int Place(ReadOnlySpan<TreeNode<T>> nodes, int begin)
    {
        var (level, levels, place, taken) = (new List<int> { begin }, -1, begin, 1);
        for (; level.Count > 0; levels++)
        {
            var children = new List<int>();
            foreach (var index in level)
            {
                var node = nodes[index];
                if (node.Feature < 0)
                {
                    (_nodes[place], _weights[place]) = (new Node(T.NaN, 0, place - begin, 0), node.Value);
                }
                else
                {
                    _nodes[place] = new Node(node.Value, node.Feature, taken, node.Left >= 0 ? 1 : 0);
                    taken += 2;
                    children.AddRange([node.LeftChild, node.Right]);
                }
                place++;
            }
            level = children;
        }
        return levels;
    }

    /// <param name="Left">Place of the left child within the tree.</param>
    /// <param name="MissingRight">1 where a missing value goes right, else 0.</param>
    private readonly record struct Node(T Threshold, int Feature, int Left, int MissingRight);

    private readonly record struct Tree(int Begin, int Length, int Levels, int Margin);
}
