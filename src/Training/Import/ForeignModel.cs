using IrisOperator.Learning.Format;

namespace IrisOperator.Training.Import;

/// <summary>A model that another library wrote, in the terms of our document.</summary>
/// <param name="Algorithm">Of our names: xgboost, lightgbm; onnx, where the file does not say what trained it.</param>
/// <param name="Columns">Numbers that it takes, in order.</param>
/// <param name="Names">Of the columns; null where the file has none.</param>
/// <param name="Classes">How many there are, at least 2; 0 for a regression.</param>
internal sealed record ForeignModel(
    string Algorithm,
    int Columns,
    IReadOnlyList<string>? Names,
    int Classes,
    TreesDocument<float>? Trees = null,
    TreesDocument<double>? DoubleTrees = null,
    LinearDocument? Linear = null,
    GraphDocument? Onnx = null)
{
    public bool TakesMissing => (Trees?.TakesMissing ?? DoubleTrees?.TakesMissing) is true;

    /// <summary>Per column, what all splits by it gained in training; null where the file does not say.</summary>
    public double[]? Gains { get; init; }

    /// <summary>Names of the classes, or numbers that stand for them, in the order of the margins; null where the file has none.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>What was taken for granted, a sentence each.</summary>
    public IReadOnlyList<string> Assumptions { get; init; } = [];

    /// <exception cref="InputException">The file cannot be imported; says what it looks like and what was expected.</exception>
    public static InputException Wrong(string problem) => new(InputProblem.InvalidModel, problem);
}

/// <summary>A node as another library numbers it: a leaf where <paramref name="Left"/> is null.</summary>
internal readonly record struct ForeignNode<T>(int Feature, T Threshold, int? Left, int Right, T Value, bool MissingLeft);

/// <summary>From trees in any order of nodes to ours.</summary>
internal static class ForeignTree
{
    /// <summary>
    /// Numbers the nodes anew from the root, left branch first, so that children come after their parent in whatever order the library
    /// made them.
    /// </summary>
    /// <param name="node">Asked for indices from 0 to <paramref name="count"/> - 1 only.</param>
    /// <param name="leaves">Receives the library's indices of the leaves, in our order.</param>
    /// <exception cref="InputException">A child out of range, a node with two parents, or a branch that is too deep.</exception>
    public static NodeDocument<T>[] Renumber<T>(string place, int count, int root, Func<int, ForeignNode<T>> node, List<int>? leaves = null)
        where T : struct
    {
        var nodes = new List<NodeDocument<T>>(count);
        var isTaken = new bool[count];
        Add(root, 1);
        return [.. nodes];

        // Recursion is safe: the depth is bounded.
        int Add(int theirs, int depth)
        {
            if ((uint)theirs >= (uint)count)
            {
                throw ForeignModel.Wrong($"{place}: a branch leads to node {theirs}, and there are {count}");
            }

            if (isTaken[theirs])
            {
                throw ForeignModel.Wrong($"{place}: two branches lead to node {theirs}");
            }

            if (depth > Limits.TreeDepth)
            {
                throw ForeignModel.Wrong($"{place}: deeper than {Limits.TreeDepth} levels");
            }

            isTaken[theirs] = true;
            var (ours, foreign) = (nodes.Count, node(theirs));
            nodes.Add(new NodeDocument<T>(Value: foreign.Value));
            if (foreign.Left is { } left)
            {
                var ourLeft = Add(left, depth + 1);
                var ourRight = Add(foreign.Right, depth + 1);
                nodes[ours] = new NodeDocument<T>(
                    foreign.Feature, foreign.Threshold, ourLeft, ourRight, MissingLeft: foreign.MissingLeft);
            }
            else
            {
                leaves?.Add(theirs);
            }

            return ours;
        }
    }
}
