using IrisOperator.Learning.Format;
using IrisOperator.Training.Algorithms;
using IrisOperator.Training.Data;

namespace IrisOperator.Training;

/// <summary>Counts the rows that reach each leaf, for trees of a library that does not tell (Microsoft.ML).</summary>
internal static class LeafCovers
{
    /// <summary>Of more rows as many are counted, evenly spread: a mean over them is near enough to that over all.</summary>
    private const int MaxRows = 20_000;

    public static Fit Counted(Fit fit, LabelledRows rows) => fit.DoubleTrees is not { Trees: [{ Covers: null }, ..] } trees
        ? fit
        : fit with { DoubleTrees = trees with { Trees = [.. trees.Trees.Select(tree => tree with { Covers = Count(tree.Nodes, rows) })] } };

    private static float[] Count(NodeDocument<double>[] nodes, LabelledRows rows)
    {
        var counts = new int[nodes.Length];
        var counted = Math.Min(rows.Count, MaxRows);
        var row = new double[rows.Features];
        for (var i = 0; i < counted; i++)
        {
            rows.CopyTo((int)((long)i * rows.Count / counted), row);
            counts[Leaf(nodes, row)]++;
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
