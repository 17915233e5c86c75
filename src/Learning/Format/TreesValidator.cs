namespace IrisOperator.Learning.Format;

/// <summary>
/// The rules that make a walk through hostile trees safe: indices in range, children after their parent and with one
/// parent each (so no cycle and no shared branch), bounded depth, finite numbers.
/// </summary>
internal static class TreesValidator
{
    public static void Validate(TreesDocument document, int features, int classes)
    {
        Weight("trees.baseScore", document.BaseScore);
        if (document.Classes != classes)
        {
            throw Check.Wrong("trees.classes", Check.Invariant($"expected {classes}, found {document.Classes}"));
        }
        Check.Count("trees.trees", document.Trees.Length, 1, Limits.Trees);
        if (document.Trees.Length != (long)document.Rounds * classes)
        {
            throw Check.Wrong(
                "trees.rounds",
                Check.Invariant($"{document.Rounds} rounds of {classes} classes need as many trees, found {document.Trees.Length}"));
        }
        Check.NoNulls("trees.trees", document.Trees);
        for (var t = 0; t < document.Trees.Length; t++)
        {
            var tree = document.Trees[t];
            var where = Check.Invariant($"trees.trees[{t}]");
            Check.Index($"{where}.class", tree.Class, classes);
            Nodes(where, tree.Nodes, features);
        }
    }

    private static void Nodes(string where, NodeDocument[] nodes, int features)
    {
        if (nodes.Length == 0)
        {
            throw Check.Wrong($"{where}.nodes", "a tree needs at least one node");
        }
        // Depth of each node once a parent has named it; the root has no parent. Children come later, so one pass is enough.
        var depths = new byte[nodes.Length];
        depths[0] = 1;
        for (var n = 0; n < nodes.Length; n++)
        {
            var at = Check.Invariant($"{where}.nodes[{n}]");
            if (depths[n] == 0)
            {
                throw Check.Wrong(at, "no node leads here");
            }
            var node = nodes[n];
            if (node.IsLeaf)
            {
                Weight(at, node.Value!.Value);
            }
            else if (node.IsSplit)
            {
                Check.Index($"{at}.feature", node.Feature!.Value, features);
                Check.Finite($"{at}.threshold", node.Threshold!.Value);
                Child($"{at}.left", n, node.Left!.Value, depths);
                Child($"{at}.right", n, node.Right!.Value, depths);
            }
            else
            {
                throw Check.Wrong(at, "neither a split nor a leaf");
            }
        }
    }

    private static void Weight(string at, float value)
    {
        if (!(Math.Abs(value) <= Limits.TreeWeight))
        {
            throw Check.Wrong(at, Check.Invariant($"expected a number from -{Limits.TreeWeight} to {Limits.TreeWeight}"));
        }
    }

    private static void Child(string at, int parent, int child, byte[] depths)
    {
        if (child <= parent || child >= depths.Length)
        {
            throw Check.Wrong(at, Check.Invariant($"expected {parent + 1} to {depths.Length - 1}, found {child}"));
        }
        if (depths[child] != 0)
        {
            throw Check.Wrong(at, Check.Invariant($"node {child} already has a parent"));
        }
        if (depths[parent] >= Limits.TreeDepth)
        {
            throw Check.Wrong(at, Check.Invariant($"deeper than {Limits.TreeDepth} levels"));
        }
        depths[child] = (byte)(depths[parent] + 1);
    }
}
