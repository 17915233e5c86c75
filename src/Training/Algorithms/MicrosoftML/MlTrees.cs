using IrisOperator.Learning.Format;
using IrisOperator.Training.Import;
using Microsoft.ML.Trainers.FastTree;

namespace IrisOperator.Training.Algorithms.MicrosoftML;

/// <summary>From the trees of Microsoft.ML (LightGBM's and FastForest's alike) to ours.</summary>
/// <remarks>
/// There a value is rounded to float32 and goes left when it is at most the threshold. A child below 0 is the bitwise complement of the
/// number of a leaf. The margin is bias + sum of weight times value, in float64.
/// </remarks>
internal static class MlTrees
{
    /// <param name="ensembles">One per margin, each with as many trees.</param>
    /// <param name="isMean">Whether the margin is the mean of the trees and not their sum.</param>
    public static TreesDocument<double> Convert<T>(
        IReadOnlyList<TreeEnsemble<T>> ensembles, LinkDocument? link = null, bool isMean = false)
        where T : RegressionTreeBase
    {
        var rounds = ensembles.Max(ensemble => ensemble.Trees.Count);
        var trees = new List<TreeDocument<double>>();
        for (var round = 0; round < rounds; round++)
        {
            for (var margin = 0; margin < ensembles.Count; margin++)
            {
                trees.Add(new TreeDocument<double>(margin, Nodes(ensembles[margin], round, isMean ? ensembles[margin].Trees.Count : 1)));
            }
        }
        return new TreesDocument<double>(0, rounds, ensembles.Count, [.. trees], Link: link);
    }

    /// <summary>Per column, what all splits by it gained.</summary>
    public static double[] Gains<T>(IEnumerable<TreeEnsemble<T>> ensembles, int columns)
        where T : RegressionTreeBase
    {
        var gains = new double[columns];
        foreach (var tree in ensembles.SelectMany(ensemble => ensemble.Trees))
        {
            for (var split = 0; split < tree.NumberOfNodes; split++)
            {
                gains[tree.NumericalSplitFeatureIndexes[split]] += tree.SplitGains[split];
            }
        }
        return gains;
    }

    /// <summary>The bias is part of the first tree; an ensemble with fewer trees than others gets trees that add nothing.</summary>
    private static NodeDocument<double>[] Nodes<T>(TreeEnsemble<T> ensemble, int round, int divisor)
        where T : RegressionTreeBase
    {
        var bias = round == 0 ? ensemble.Bias : 0;
        if (round >= ensemble.Trees.Count)
        {
            return [new NodeDocument<double>(Value: bias)];
        }
        var (tree, weight) = (ensemble.Trees[round], ensemble.TreeWeights[round]);
        var splits = tree.NumberOfNodes;

        // Splits come first, then leaves.
        return ForeignTree.Renumber($"tree {round}", splits + tree.NumberOfLeaves, root: 0, n => n >= splits
            ? new ForeignNode<double>(0, 0, null, 0, (bias + (weight * tree.LeafValues[n - splits])) / divisor, false)
            : new ForeignNode<double>(
                tree.NumericalSplitFeatureIndexes[n],
                ExclusiveBound(tree.NumericalSplitThresholds[n]),
                Node(tree.LeftChild[n]),
                Node(tree.RightChild[n]),
                0,
                false));

        int Node(int child) => child >= 0 ? child : splits + ~child;
    }

    /// <summary>
    /// The number below which lie exactly those that, rounded to float32, are at most the threshold: half way to the next float32, or
    /// the double after that where the half itself is rounded down, to the one of the two whose last bit is 0.
    /// </summary>
    internal static double ExclusiveBound(float threshold)
    {
        var half = ((double)threshold + MathF.BitIncrement(threshold)) / 2;
        return (float)half <= threshold ? Math.BitIncrement(half) : half;
    }
}
