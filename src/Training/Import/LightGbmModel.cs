using System.Globalization;
using IrisOperator.Learning.Format;

namespace IrisOperator.Training.Import;

/// <summary>
/// LightGBM's text format, versions 2 to 4 (GBDT::SaveModelToString and Tree::ToString of LightGBM): sections of lines "name=values".
/// </summary>
internal static class LightGbmModel
{
    private const int CategoricalBit = 1;
    private const int DefaultLeftBit = 2;

    private enum Missing
    {
        None = 0,
        Zero = 1,
        Nan = 2,
    }

    /// <exception cref="InputException">An objective or a split that our document has no word for, or a damaged file.</exception>
    public static ForeignModel Read(string text)
    {
        try
        {
            return ReadSections(text);
        }
        catch (Exception e) when (e is FormatException or OverflowException or KeyNotFoundException)
        {
            throw ForeignModel.Wrong($"not as LightGBM writes a model: {e.Message}");
        }
    }

    private static ForeignModel ReadSections(string text)
    {
        Section[] sections = [.. Section.Split(text)];
        var (head, trees) = (sections[0], sections[1..]);
        var features = head.Integer("max_feature_idx") + 1;
        var margins = head.Integer("num_tree_per_iteration");
        if (features < 1 || margins < 1 || trees.Length == 0 || trees.Length % margins != 0)
        {
            throw ForeignModel.Wrong($"{trees.Length} trees of {margins} margins and {features} features: expected as many of each margin");
        }

        var (answers, link) = Objective(head.Text("objective"), margins);

        // The mean over the rounds instead of their sum: random forests.
        var rounds = trees.Length / margins;
        var divisor = head.Has("average_output") ? rounds : 1;
        var assumptions = new List<string>();
        var documents = ForeignCovers.InAllOrNone(
            [.. trees.Select((tree, t) => Tree($"tree {t}", t % margins, tree, features, divisor))], assumptions);
        return new ForeignModel(
            "lightgbm",
            features,
            head.Has("feature_names") ? head.Text("feature_names").Split(' ') : null,
            answers,
            DoubleTrees: new TreesDocument<double>(0, rounds, margins, documents, TakesMissing: true, Link: link))
        {
            Assumptions = assumptions,
            Gains = Gains(trees, features),
        };
    }

    /// <returns>Null where the file does not say what splits gained.</returns>
    private static double[]? Gains(Section[] trees, int features)
    {
        var gains = new double[features];
        foreach (var tree in trees.Where(tree => tree.Integer("num_leaves") > 1))
        {
            if (!tree.Has("split_gain"))
            {
                return null;
            }

            var gain = tree.Doubles("split_gain");
            var feature = tree.Integers("split_feature", gain.Length);
            // A split that no branch leads to was not looked at.
            for (var split = 0; split < gain.Length; split++)
            {
                if ((uint)feature[split] < (uint)features)
                {
                    gains[feature[split]] += gain[split];
                }
            }
        }

        return gains;
    }

    private static (int Answers, LinkDocument? Link) Objective(string objective, int margins)
    {
        var words = objective.Split(' ');
        return words[0] switch
        {
            "multiclass" when margins >= 2 => (margins, null),
            "binary" when margins == 1 => (2, new LinkDocument(LinkDocument.Logistic, [Sigmoid(words)])),
            "regression" when margins == 1 && !words.Contains("sqrt") => (0, new LinkDocument(LinkDocument.Identity)),
            "regression_l1" or "huber" or "fair" or "quantile" or "mape" when margins == 1 => (0, new LinkDocument(LinkDocument.Identity)),
            _ => throw ForeignModel.Wrong(
                $"LightGBM's objective \"{objective}\" cannot be imported; multiclass, binary and regression can"),
        };
    }

    private static double Sigmoid(string[] words) =>
        words.FirstOrDefault(word => word.StartsWith("sigmoid:", StringComparison.Ordinal)) is { } word
            ? double.Parse(word["sigmoid:".Length..], CultureInfo.InvariantCulture)
            : 1;

    private static TreeDocument<double> Tree(string place, int margin, Section tree, int features, int divisor)
    {
        var leaves = new List<int>();
        var nodes = Nodes(place, tree, features, divisor, leaves);
        float[] counts = tree.Has("leaf_count") ? [.. tree.Doubles("leaf_count").Select(count => (float)count)] : [];
        var splits = tree.Integer("num_leaves") - 1;
        return new TreeDocument<double>(margin, nodes, ForeignCovers.Of([.. leaves.Select(leaf => leaf - splits)], counts));
    }

    private static NodeDocument<double>[] Nodes(string place, Section tree, int features, int divisor, List<int> taken)
    {
        var leaves = tree.Doubles("leaf_value");
        if (tree.Has("is_linear") && tree.Integer("is_linear") != 0)
        {
            throw ForeignModel.Wrong($"{place}: leaves with linear models cannot be imported; train with linear_tree=false");
        }

        if (leaves.Length != tree.Integer("num_leaves") || leaves.Length == 0)
        {
            throw ForeignModel.Wrong($"{place}: num_leaves is {tree.Text("num_leaves")}, and there are {leaves.Length} values");
        }

        if (leaves.Length == 1)
        {
            taken.Add(0);
            return [new NodeDocument<double>(Value: leaves[0] / divisor)];
        }

        var splits = leaves.Length - 1;
        var (left, right) = (tree.Integers("left_child", splits), tree.Integers("right_child", splits));
        var (feature, kinds) = (tree.Integers("split_feature", splits), tree.Integers("decision_type", splits));
        var threshold = tree.Doubles("threshold");
        if (threshold.Length != splits)
        {
            throw ForeignModel.Wrong($"{place}: threshold has {threshold.Length} values, expected {splits}");
        }

        // Splits come first, then leaves, whose index n is written as -n - 1 in a split.
        return ForeignTree.Renumber(
            place,
            splits + leaves.Length,
            root: 0,
            n => n >= splits
                ? new ForeignNode<double>(0, 0, null, 0, leaves[n - splits] / divisor, false)
                : Split($"{place}: split {n}", feature[n], features, threshold[n], kinds[n]) with
                {
                    Left = Node(left[n]),
                    Right = Node(right[n]),
                },
            taken);

        int Node(int child) => child >= 0 ? child : splits - child - 1;
    }

    private static ForeignNode<double> Split(string place, int feature, int features, double threshold, int kind)
    {
        if (feature < 0 || feature >= features)
        {
            throw ForeignModel.Wrong($"{place} is by feature {feature}, and there are {features}");
        }

        if ((kind & CategoricalBit) != 0)
        {
            throw ForeignModel.Wrong($"{place} is by categories, which cannot be imported; train on columns of 0 and 1");
        }

        var missing = (Missing)((kind >> 2) & 3);
        var (isDefaultLeft, isZeroLeft) = ((kind & DefaultLeftBit) != 0, threshold >= 0);
        if (missing == Missing.Zero && isDefaultLeft != isZeroLeft)
        {
            throw ForeignModel.Wrong($"{place} takes zero for missing, which cannot be imported; train with zero_as_missing=false");
        }

        // Left is "at most" there and "below" here; without a missing type a missing value is zero.
        return new ForeignNode<double>(
            feature, Math.BitIncrement(threshold), 0, 0, 0, missing == Missing.None ? isZeroLeft : isDefaultLeft);
    }

    /// <summary>The lines between two empty lines.</summary>
    private sealed class Section
    {
        private readonly Dictionary<string, string> _lines = new(StringComparer.Ordinal);

        /// <summary>The head, then one for each tree.</summary>
        public static IEnumerable<Section> Split(string text)
        {
            var section = new Section();
            foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries))
            {
                if (line == "end of trees")
                {
                    break;
                }

                if (line.StartsWith("Tree=", StringComparison.Ordinal))
                {
                    yield return section;
                    section = new Section();
                }

                var equals = line.IndexOf('=', StringComparison.Ordinal);
                section._lines[equals < 0 ? line : line[..equals]] = equals < 0 ? "" : line[(equals + 1)..];
            }

            yield return section;
        }

        public bool Has(string name) => _lines.ContainsKey(name);

        public string Text(string name) => _lines.TryGetValue(name, out var text) ? text : throw new FormatException($"no line {name}=");

        public int Integer(string name) => int.Parse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

        public double[] Doubles(string name) =>
            [.. Numbers(name).Select(number => double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture))];

        public int[] Integers(string name, int count)
        {
            int[] numbers = [.. Numbers(name).Select(n => int.Parse(n, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))];
            return numbers.Length == count ? numbers : throw new FormatException($"{name} has {numbers.Length} values, expected {count}");
        }

        private string[] Numbers(string name) => Text(name).Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }
}
