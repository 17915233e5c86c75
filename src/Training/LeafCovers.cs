using IrisOperator.Learning.Format;
using IrisOperator.Training.Algorithms;
using IrisOperator.Training.Data;

namespace IrisOperator.Training;

/// <summary>Counts the rows that reach each leaf, for trees of a library that does not tell (Microsoft.ML).</summary>
internal static class LeafCovers
{
    /// <summary>Of more rows as many are counted, evenly spread: a mean over them is near enough to that over all.</summary>
    private const int MaxRows = 20_000;

    public static Fit Counted(Fit fit, LabelledRows rows)
    {
        if (fit.DoubleTrees is not { Trees: [{ Covers: null }, ..] } trees)
        {
            return fit;
        }
        var counted = Math.Min(rows.Count, MaxRows);
        int[] spread = [.. Enumerable.Range(0, counted).Select(i => (int)((long)i * rows.Count / counted))];
        var numbers = rows.Take(spread).ToArray();
        var covered = new TreeDocument<double>[trees.Trees.Length];
        Parallel.For(
            0, covered.Length, t => covered[t] = trees.Trees[t] with { Covers = Count(trees.Trees[t].Nodes, numbers, rows.Features) });
        return fit with { DoubleTrees = trees with { Trees = covered } };
    }

    private static float[] Count(NodeDocument<double>[] nodes, ReadOnlySpan<double> rows, int columns)
    {
        var counts = new int[nodes.Length];
        for (; rows.Length > 0; rows = rows[columns..])
        {
            counts[Leaf(nodes, rows[..columns])]++;
        }
        return [.. counts.Where((_, n) => nodes[n].IsLeaf).Select(count => (float)count)];
    }

    private static int Leaf(NodeDocument<double>[] nodes, ReadOnlySpan<double> row)
    {
        var n = 0;
        while (nodes[n] is { Feature: { } feature, Threshold: { } threshold, Left: { } left, Right: { } right } node)
        {
            n = row[feature] < threshold || (node.MissingLeft && double.IsNaN(row[feature])) ? left : right;
        }
        return n;
    }
}
