using System.Numerics;
using IrisOperator.Learning.Format;
using IrisOperator.Learning.Prediction;

namespace IrisOperator.Learning.Tests.Prediction;

/// <summary>Shapley values of trees made up by a seeded generator, beside the sum over all subsets of the features.</summary>
public sealed class TreeExplainerTests
{
    private const int Columns = 5;

    [Fact]
    public void contributions_are_the_shapley_values_by_their_definition()
    {
        var random = new Random(11);
        for (var i = 0; i < 200; i++)
        {
            var trees = new TreesDocument<double>(
                0.25f, 3, 1, [.. Enumerable.Range(0, 3).Select(_ => RandomTree(random, depth: 1 + random.Next(7)))], TakesMissing: true);
            double[] row = [.. Enumerable.Range(0, Columns).Select(_ => random.Next(5) == 0 ? double.NaN : random.NextDouble())];

            var found = Explain(trees, row);

            Assert.Equal(ByDefinition(trees, row, 0), found[0], 1e-12);
            for (var column = 0; column < Columns; column++)
            {
                Assert.Equal(Shapley(trees, row, column), found[1 + column], 1e-12);
            }
        }
    }

    [Fact]
    public void contributions_sum_to_the_margin_at_the_deepest_that_a_model_may_be()
    {
        // A comb: each split leads to a leaf and to the next split, by a column of its own.
        const int depth = Limits.TreeDepth - 1;
        var random = new Random(12);
        var nodes = new List<NodeDocument<double>>();
        for (var d = 0; d < depth; d++)
        {
            nodes.Add(new NodeDocument<double>(d, 0.5, (2 * d) + 1, (2 * d) + 2));
            nodes.Add(new NodeDocument<double>(Value: random.NextDouble()));
        }
        nodes.Add(new NodeDocument<double>(Value: 1));
        float[] covers = [.. Enumerable.Range(0, depth + 1).Select(_ => 1f + random.Next(1000))];
        var trees = new TreesDocument<double>(0, 1, 1, [new TreeDocument<double>(0, [.. nodes], covers)]);

        // Right at each split.
        var found = Explain(trees, [.. Enumerable.Repeat(1.0, depth)]);

        Assert.Equal(1, found.Sum(), 1e-12);
        Assert.True(found.All(double.IsFinite));
    }

    [Fact]
    public void features_on_equal_terms_contribute_the_same()
    {
        var leaf = new NodeDocument<double>(Value: 0);
        NodeDocument<double>[] both = [new(0, 0.5, 1, 2), leaf, new(1, 0.5, 3, 4), leaf, new(Value: 8)];
        var trees = new TreesDocument<double>(1, 1, 1, [new TreeDocument<double>(0, both, [2, 1, 1])]);

        // Both known 8, one 4, none 2; the base score on top.
        Assert.Equal([3, 3, 3], Explain(trees, [1, 1]), (x, y) => Math.Abs(x - y) < 1e-14);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(125)]
    public void the_quadrature_is_exact_for_polynomials(int points)
    {
        var rule = new Quadrature(points);

        for (var degree = 0; degree < 2 * points; degree++)
        {
            var sum = rule.Points.Zip(rule.Weights, (point, weight) => weight * Math.Pow(point, degree)).Sum();
            Assert.Equal(1.0 / (degree + 1), sum, 1e-14);
        }
    }

    private static double[] Explain<T>(TreesDocument<T> trees, double[] row)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var contributions = new double[1 + row.Length];
        new TreeEnsemble<T>(trees).Explainer!.Explain(row, [.. Enumerable.Range(0, row.Length)], contributions);
        return contributions;
    }

    /// <summary>Some of the leaves were reached by no row.</summary>
    private static TreeDocument<double> RandomTree(Random random, int depth)
    {
        var nodes = new List<NodeDocument<double>>();
        Add(depth);
        float[] covers = [.. nodes.Where(node => node.IsLeaf).Select(_ => (float)random.Next(6))];
        return new TreeDocument<double>(0, [.. nodes], covers);

        int Add(int levels)
        {
            var index = nodes.Count;
            nodes.Add(new NodeDocument<double>(Value: random.NextDouble() - 0.5));
            if (levels > 0 && random.Next(8) > 0)
            {
                var (left, right) = (Add(levels - 1), Add(levels - 1));
                nodes[index] = new NodeDocument<double>(
                    random.Next(Columns), random.NextDouble(), left, right, MissingLeft: random.Next(2) == 0);
            }
            return index;
        }
    }

    /// <summary>Weighted by the orders in which the features can become known.</summary>
    private static double Shapley(TreesDocument<double> trees, double[] row, int column)
    {
        var sum = 0.0;
        for (var known = 0; known < 1 << Columns; known++)
        {
            if ((known & (1 << column)) == 0)
            {
                var size = BitOperations.PopCount((uint)known);
                var weight = Factorial(size) * Factorial(Columns - size - 1) / Factorial(Columns);
                sum += weight * (ByDefinition(trees, row, known | (1 << column)) - ByDefinition(trees, row, known));
            }
        }
        return sum;
    }

    private static double Factorial(int n) => n <= 1 ? 1 : n * Factorial(n - 1);

    /// <param name="known">The columns that are known, a bit each.</param>
    private static double ByDefinition(TreesDocument<double> trees, double[] row, int known) =>
        trees.BaseScore + trees.Trees.Sum(tree => Mean(tree, Covers(tree), row, known, 0));

    private static double Mean(TreeDocument<double> tree, double[] covers, double[] row, int known, int n)
    {
        var node = tree.Nodes[n];
        if (node.Value is { } value)
        {
            return value;
        }
        var (column, left, right) = (node.Feature!.Value, node.Left!.Value, node.Right!.Value);
        if ((known & (1 << column)) != 0)
        {
            var isLeft = row[column] < node.Threshold || (node.MissingLeft && double.IsNaN(row[column]));
            return Mean(tree, covers, row, known, isLeft ? left : right);
        }
        return covers[n] == 0 ? 0
            : ((covers[left] * Mean(tree, covers, row, known, left)) + (covers[right] * Mean(tree, covers, row, known, right))) / covers[n];
    }

    private static double[] Covers(TreeDocument<double> tree)
    {
        var covers = new double[tree.Nodes.Length];
        var leaves = new Queue<float>(tree.Covers!);
        for (var n = 0; n < covers.Length; n++)
        {
            covers[n] = tree.Nodes[n].IsLeaf ? leaves.Dequeue() : 0;
        }
        for (var n = covers.Length - 1; n >= 0; n--)
        {
            covers[n] += tree.Nodes[n].IsSplit ? covers[tree.Nodes[n].Left!.Value] + covers[tree.Nodes[n].Right!.Value] : 0;
        }
        return covers;
    }
}
