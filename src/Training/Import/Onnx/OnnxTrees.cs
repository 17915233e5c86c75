using IrisOperator.Learning.Format;
using IrisOperator.Learning.Onnx;

namespace IrisOperator.Training.Import.Onnx;

/// <summary>
/// The trees of TreeEnsembleClassifier and TreeEnsembleRegressor (versions 1 to 4 of ai.onnx.ml): parallel arrays with an entry for each
/// node of each tree, and others with an entry for each weight of a leaf.
/// </summary>
internal sealed class OnnxTrees
{
    private const string Leaf = "LEAF";

    /// <summary>About what fits into a model file.</summary>
    private const int MaxNodes = 500_000;

    private const int MaxRead = 16 * MaxNodes;

    private readonly OnnxNode _node;
    private readonly IReadOnlyList<ColumnTerm> _columns;
    private readonly string _prefix;
    private readonly long[] _features;
    private readonly string[] _modes;
    private readonly double[] _thresholds;
    private readonly long[] _true;
    private readonly long[] _false;
    private readonly bool[] _missingTrue;
    private readonly Dictionary<(long Tree, long Node), int> _indices;
    private readonly List<(long Id, int Start, int Count)> _trees = [];

    /// <summary>Per node the weights of a leaf: which score, and how much.</summary>
    private readonly ILookup<int, (int Score, double Weight)> _weights;

    /// <param name="prefix">Of the attributes of leaves: class or target.</param>
    /// <param name="columns">What the operator is given.</param>
    /// <exception cref="InputException">Arrays of different lengths, or an index that leads nowhere.</exception>
    public OnnxTrees(OnnxNode node, string prefix, int scores, IReadOnlyList<ColumnTerm> columns)
    {
        (_node, _prefix, _columns) = (node, prefix, columns);
        var (trees, nodes) = (node.Integers("nodes_treeids"), node.Integers("nodes_nodeids"));
        var count = nodes.Length;
        (_features, _modes) = (Sized(node.Integers("nodes_featureids"), count, "nodes_featureids"), node.Texts("nodes_modes"));
        _thresholds = Sized(Numbers("nodes_values"), count, "nodes_values");
        _true = Sized(node.Integers("nodes_truenodeids"), count, "nodes_truenodeids");
        _false = Sized(node.Integers("nodes_falsenodeids"), count, "nodes_falsenodeids");
        var missing = node.Integers("nodes_missing_value_tracks_true");
        _missingTrue = missing.Length == 0
            ? new bool[count]
            : [.. Sized(missing, count, "nodes_missing_value_tracks_true").Select(isTrue => isTrue != 0)];
        Sized(trees, count, "nodes_treeids");
        Sized(_modes, count, "nodes_modes");
        _indices = Indices(trees, nodes);
        Weights = Sized(Numbers($"{prefix}_weights"), node.Integers($"{prefix}_ids").Length, $"{prefix}_weights");
        _weights = LeafWeights(scores);
        Require(Weights.All(weight => Math.Abs(weight) <= Limits.TreeWeight), $"a leaf is beyond {Limits.TreeWeight}");
        TakesMissing = _missingTrue.Where((isTrue, n) => isTrue && _modes[n] != Leaf).Any();
        IsDouble = columns.Any(column => column.IsDouble);
    }

    /// <summary>Whether a node says where a missing value goes.</summary>
    public bool TakesMissing { get; }

    public bool IsDouble { get; }

    /// <summary>Of all leaves.</summary>
    public double[] Weights { get; }

    public int Count => _trees.Count;

    /// <summary>An array of float32, or the tensor of another type that may stand in its place.</summary>
    public static double[] Numbers(OnnxNode node, string name) =>
        node.Attributes.GetValueOrDefault($"{name}_as_tensor")?.Tensor is { } tensor
            ? tensor.Numbers
            : [.. node.Floats(name).Select(number => (double)number)];

    /// <summary>Per score all trees that add to it; what does not differ any more below a node is one leaf.</summary>
    /// <param name="divisor">Of each leaf.</param>
    /// <exception cref="InputException">Two branches to one node, branches too deep.</exception>
    /// <exception cref="NotInDocumentException">A comparison that our document has no word for, or more nodes than it may have.</exception>
    public TreeScore[] Scores(int scores, double divisor)
    {
        var trees = new List<NodeDocument<double>[]>[scores];
        for (var score = 0; score < scores; score++)
        {
            trees[score] = [];
        }
        var (read, kept) = (0L, 0L);
        foreach (var (id, start, count) in _trees)
        {
            // A boosted tree adds to one class; the leaves of a forest have weights for all.
            int[] own = [.. Enumerable.Range(start, count).SelectMany(n => _weights[n]).Select(weight => weight.Score).Distinct().Order()];
            read += (long)count * own.Length;
            Require(read <= MaxRead, "its trees are too many");
            foreach (var score in own)
            {
                var nodes = Tree(id, start, count, score, divisor);
                trees[score].Add(nodes);
                kept += nodes.Length;
            }
            Require(kept <= MaxNodes, $"its trees have more than {MaxNodes} nodes, those of each class counted");
        }
        return [.. trees.Select(own => new TreeScore(own, IsDouble, TakesMissing))];
    }

    /// <summary>
    /// Whether the scores of a row always sum to 1 with none below 0: so if every leaf of a tree sums to the same, and these to 1.
    /// </summary>
    public bool IsDistribution()
    {
        const double Tolerance = 1e-3;
        var sum = 0.0;
        foreach (var (_, start, count) in _trees)
        {
            double[] leaves =
            [
                .. Enumerable.Range(start, count).Where(n => _modes[n] == Leaf).Select(n => _weights[n].Sum(weight => weight.Weight)),
            ];
            if (leaves.Length == 0 || leaves.Max() - leaves.Min() > Tolerance / _trees.Count)
            {
                return false;
            }
            sum += leaves[0];
        }
        return Weights.All(weight => weight >= 0) && Math.Abs(sum - 1) <= Tolerance;
    }

    /// <summary>The most that the sum of all trees can be, of one score.</summary>
    public double Largest() => _trees.Sum(tree =>
        Enumerable.Range(tree.Start, tree.Count).Where(n => _modes[n] == Leaf).Max(n => _weights[n].Sum(weight => weight.Weight)));

    private double[] Numbers(string name) => Numbers(_node, name);

    private T[] Sized<T>(T[] array, int count, string name) => array.Length == count && count > 0
        ? array
        : throw ForeignModel.Wrong($"{_node.Operator}: {name} has {array.Length} values, expected {count}, and at least 1");

    /// <summary>Where each node stands in the arrays. The nodes of a tree stand together.</summary>
    private Dictionary<(long Tree, long Node), int> Indices(long[] trees, long[] nodes)
    {
        var indices = new Dictionary<(long Tree, long Node), int>(nodes.Length);
        var seen = new HashSet<long>();
        for (var n = 0; n < nodes.Length; n++)
        {
            if (!indices.TryAdd((trees[n], nodes[n]), n))
            {
                throw ForeignModel.Wrong($"{_node.Operator}: tree {trees[n]} has two nodes {nodes[n]}");
            }
            if (n == 0 || trees[n] != trees[n - 1])
            {
                if (!seen.Add(trees[n]))
                {
                    throw ForeignModel.Wrong($"{_node.Operator}: the nodes of tree {trees[n]} do not stand together");
                }
                _trees.Add((trees[n], n, 0));
            }
            _trees[^1] = _trees[^1] with { Count = _trees[^1].Count + 1 };
        }
        return indices;
    }

    private ILookup<int, (int Score, double Weight)> LeafWeights(int scores)
    {
        var ids = _node.Integers($"{_prefix}_ids");
        var trees = Sized(_node.Integers($"{_prefix}_treeids"), ids.Length, $"{_prefix}_treeids");
        var nodes = Sized(_node.Integers($"{_prefix}_nodeids"), ids.Length, $"{_prefix}_nodeids");
        return Enumerable.Range(0, ids.Length).ToLookup(
            i => _indices.TryGetValue((trees[i], nodes[i]), out var n) && _modes[n] == Leaf
                ? n
                : throw ForeignModel.Wrong(
                    $"{_node.Operator}: {_prefix}_nodeids names node {nodes[i]} of tree {trees[i]}, which is no leaf"),
            i => ids[i] >= 0 && ids[i] < scores
                ? ((int)ids[i], Weights[i])
                : throw ForeignModel.Wrong($"{_node.Operator}: {_prefix}_ids has {ids[i]}, expected 0 to {scores - 1}"));
    }

    private NodeDocument<double>[] Tree(long id, int start, int count, int score, double divisor)
    {
        var place = $"{_node.Operator}: tree {id}";
        var nodes = ForeignTree.Renumber(place, count, root: 0, n => _modes[start + n] == Leaf
            ? new ForeignNode<double>(0, 0, null, 0, Weight(start + n, score) / divisor, false)
            : Split(place, id, start, start + n));
        return nodes.Length == count
            ? MergedLeaves.Of(nodes)
            : throw ForeignModel.Wrong($"{place}: {count - nodes.Length} nodes cannot be reached from the first");
    }

    private double Weight(int node, int score)
    {
        var sum = 0.0;
        foreach (var weight in _weights[node])
        {
            sum += weight.Score == score ? weight.Weight : 0;
        }
        return IsDouble ? sum : (float)sum;
    }

    private ForeignNode<double> Split(string place, long tree, int start, int n)
    {
        if (_features[n] < 0 || _features[n] >= _columns.Count)
        {
            throw ForeignModel.Wrong($"{place}: node {n - start} splits by feature {_features[n]}, and there are {_columns.Count}");
        }
        var column = _columns[(int)_features[n]];

        // Left is "less than" in our document. Where the graph asks for more, its branches change places.
        var (isStrict, isTurned) = _modes[n] switch
        {
            "BRANCH_LT" => (true, false),
            "BRANCH_LEQ" => (false, false),
            "BRANCH_GTE" => (true, true),
            "BRANCH_GT" => (false, true),
            var mode => throw new NotInDocumentException($"its trees compare by {mode}"),
        };
        var (yes, no) = (Child(place, tree, start, _true[n]), Child(place, tree, start, _false[n]));
        var threshold = Thresholds.Below(column, _thresholds[n], isStrict);
        Require(double.IsFinite(threshold), "a threshold is not finite");
        return new ForeignNode<double>(
            column.Index,
            threshold,
            isTurned ? no : yes,
            isTurned ? yes : no,
            0,
            TakesMissing && (_missingTrue[n] != isTurned));
    }

    private int Child(string place, long tree, int start, long node) => _indices.TryGetValue((tree, node), out var n)
        ? n - start
        : throw ForeignModel.Wrong($"{place}: a branch leads to node {node}, which there is not");

    private static void Require(bool holds, string problem)
    {
        if (!holds)
        {
            throw new NotInDocumentException(problem);
        }
    }
}
