using IrisOperator.Learning.Format;

namespace IrisOperator.Training.Import;

/// <summary>How many training rows reached each leaf, where the file of another library says so.</summary>
internal static class ForeignCovers
{
    /// <param name="leaves">Indices into <paramref name="covers"/>.</param>
    /// <returns>Null where the file has too few numbers, or some that count no rows.</returns>
    public static float[]? Of(IReadOnlyList<int> leaves, float[] covers)
    {
        float[] found = [.. leaves.Where(leaf => leaf < covers.Length).Select(leaf => covers[leaf])];
        return found.Length == leaves.Count && Array.TrueForAll(found, cover => cover is >= 0 and <= Limits.TreeWeight) ? found : null;
    }

    /// <summary>The trees as they are, or all without covers where one has none, which is told.</summary>
    public static TreeDocument<T>[] InAllOrNone<T>(TreeDocument<T>[] trees, List<string> assumptions)
        where T : struct
    {
        if (Array.TrueForAll(trees, tree => tree.Covers is not null))
        {
            return trees;
        }

        assumptions.Add("the file does not say how many rows reached each leaf, so that no prediction can be explained");
        return [.. trees.Select(tree => tree with { Covers = null })];
    }
}
