using IrisOperator.Learning.Format;

namespace IrisOperator.Training.Import.Onnx;

/// <summary>
/// A tree without the splits that tell nothing apart. The leaves of a forest hold all classes; of one class alone most splits have the
/// same on both sides.
/// </summary>
internal static class MergedLeaves
{
    /// <param name="nodes">The root first, children after their parent.</param>
    public static NodeDocument<double>[] Of(NodeDocument<double>[] nodes)
    {
        var merged = (NodeDocument<double>[])nodes.Clone();
        for (var n = nodes.Length - 1; n >= 0; n--)
        {
            if (merged[n] is { Left: { } left, Right: { } right } && merged[left].Value is { } value && merged[right].Value == value)
            {
                merged[n] = new NodeDocument<double>(Value: value);
            }
        }
        return ForeignTree.Renumber("merged", merged.Length, root: 0, n => merged[n] is { Value: { } value }
            ? new ForeignNode<double>(0, 0, null, 0, value, false)
            : new ForeignNode<double>(
                merged[n].Feature!.Value, merged[n].Threshold!.Value, merged[n].Left, merged[n].Right!.Value, 0, merged[n].MissingLeft));
    }
}
