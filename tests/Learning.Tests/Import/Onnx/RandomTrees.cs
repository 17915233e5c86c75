namespace IrisOperator.Learning.Tests.Import.Onnx;

/// <summary>Trees that split rows at numbers that are in them, as the attributes that exporters write; the same on every call.</summary>
internal sealed class RandomTrees(double[][] rows, int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<long> _trees = [];
    private readonly List<long> _nodes = [];
    private readonly List<long> _features = [];
    private readonly List<string> _modes = [];
    private readonly List<double> _values = [];
    private readonly List<long> _true = [];
    private readonly List<long> _false = [];
    private readonly List<long> _missing = [];
    private readonly List<(long Tree, long Node, long Id, float Weight)> _leaves = [];

    /// <summary>How splits compare, in turn.</summary>
    public string[] Modes { get; init; } = ["BRANCH_LEQ"];

    /// <summary>Whether every other split sends missing values to its first branch.</summary>
    public bool TracksMissing { get; init; }

    /// <summary>Adds trees whose leaves have a distribution over all classes, of which all trees together sum to 1.</summary>
    public RandomTrees Forest(int trees, int depth, int classes)
    {
        for (var tree = 0; tree < trees; tree++)
        {
            Grow(tree, depth, () =>
            {
                var counts = Enumerable.Range(0, classes).Select(_ => (double)_random.Next(0, 9)).ToArray();
                counts[_random.Next(classes)]++;
                return [.. counts.Select((count, id) => ((long)id, (float)(count / counts.Sum() / trees)))];
            });
        }
        return this;
    }

    /// <summary>Adds trees of one weight a leaf, for each score in turn.</summary>
    /// <param name="least">Of the weights, which reach up to 1 more.</param>
    public RandomTrees Boosted(int rounds, int depth, int scores, double least = -0.5)
    {
        for (var tree = 0; tree < rounds * scores; tree++)
        {
            var id = tree % scores;
            Grow(tree, depth, () => [(id, (float)(least + _random.NextDouble()))]);
        }
        return this;
    }

    /// <param name="prefix">class or target.</param>
    /// <param name="isDouble">Thresholds, weights and bases as tensors of float64.</param>
    public (string Name, object Value)[] Attributes(string prefix, bool isDouble, params (string Name, object Value)[] more)
    {
        (string, object)[] attributes =
        [
            ("nodes_treeids", _trees.ToArray()), ("nodes_nodeids", _nodes.ToArray()), ("nodes_featureids", _features.ToArray()),
            ("nodes_modes", _modes.ToArray()), ("nodes_truenodeids", _true.ToArray()), ("nodes_falsenodeids", _false.ToArray()),
            ($"{prefix}_treeids", _leaves.Select(leaf => leaf.Tree).ToArray()),
            ($"{prefix}_nodeids", _leaves.Select(leaf => leaf.Node).ToArray()),
            ($"{prefix}_ids", _leaves.Select(leaf => leaf.Id).ToArray()),
            isDouble
                ? ($"{prefix}_weights_as_tensor", _leaves.Select(leaf => (double)leaf.Weight).ToArray())
                : ($"{prefix}_weights", _leaves.Select(leaf => leaf.Weight).ToArray()),
            isDouble ? ("nodes_values_as_tensor", _values.ToArray()) : ("nodes_values", _values.Select(value => (float)value).ToArray()),
        ];
        return [.. attributes, .. TracksMissing ? [("nodes_missing_value_tracks_true", (object)_missing.ToArray())] : more[..0], .. more];
    }

    private void Grow(int tree, int depth, Func<(long Id, float Weight)[]> leaf)
    {
        var next = 0L;
        Add(depth);

        // Numbered in the order of sklearn: a node, all to its left, all to its right.
        long Add(int left)
        {
            var (node, at) = (next++, _nodes.Count);
            var feature = _random.Next(rows[0].Length);
            var isLeaf = left == 0;
            _trees.Add(tree);
            _nodes.Add(node);
            _features.Add(isLeaf ? 0 : feature);
            _modes.Add(isLeaf ? "LEAF" : Modes[at % Modes.Length]);
            _values.Add(isLeaf ? 0 : rows[_random.Next(rows.Length)][feature]);
            _missing.Add(!isLeaf && TracksMissing && at % 2 == 0 ? 1 : 0);
            _true.Add(0);
            _false.Add(0);
            if (isLeaf)
            {
                _leaves.AddRange(leaf().Select(weight => ((long)tree, node, weight.Id, weight.Weight)));
                return node;
            }
            _true[at] = Add(left - 1);
            _false[at] = Add(left - 1);
            return node;
        }
    }
}
