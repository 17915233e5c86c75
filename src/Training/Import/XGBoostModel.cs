using System.Globalization;
using System.Text.Json;
using IrisOperator.Learning.Format;

namespace IrisOperator.Training.Import;

/// <summary>XGBoost's own model format (doc/model.schema of XGBoost), as JSON text.</summary>
/// <remarks>There a tree is a set of parallel arrays; a leaf has left child -1 and its weight among the split conditions.</remarks>
internal static class XGBoostModel
{
    private static readonly JsonDocumentOptions _options = new() { MaxDepth = 32 };

    /// <param name="takesMissing">False leaves out where a missing value goes.</param>
    /// <exception cref="InputException">Something that our document has no word for, or a damaged file.</exception>
    public static ForeignModel Read(ReadOnlyMemory<byte> json, bool takesMissing = true)
    {
        try
        {
            using var document = JsonDocument.Parse(json, _options);
            return Read(document.RootElement.GetProperty("learner"), takesMissing);
        }
        catch (Exception e) when (e is KeyNotFoundException or JsonException or FormatException or InvalidOperationException)
        {
            throw ForeignModel.Wrong($"not as XGBoost writes a model: {e.Message}");
        }
    }

    private static ForeignModel Read(JsonElement learner, bool takesMissing)
    {
        var parameters = learner.GetProperty("learner_model_param");
        var booster = learner.GetProperty("gradient_booster");
        if (booster.GetProperty("name").GetString() is not "gbtree" and var name)
        {
            throw ForeignModel.Wrong($"XGBoost's booster {name} cannot be imported; gbtree can");
        }

        var classes = Integer(parameters, "num_class");
        var features = Integer(parameters, "num_feature");
        var (answers, link, toMargin) = Objective(learner.GetProperty("objective").GetProperty("name").GetString()!, classes);
        var margins = Math.Max(1, classes);
        var model = booster.GetProperty("model");
        var trees = Trees(model, features, takesMissing);
        var wanted = (BestIteration(learner) + 1L) * margins * Integer(model.GetProperty("gbtree_model_param"), "num_parallel_tree");
        var assumptions = new List<string>();
        if (wanted < trees.Length)
        {
            assumptions.Add(
                $"trees after the best iteration, {BestIteration(learner)}, are left out, as XGBoost's scikit-learn classes do");
            trees = trees[..(int)wanted];
        }

        if (trees.Length == 0 || trees.Length % margins != 0)
        {
            throw ForeignModel.Wrong($"{trees.Length} trees of {margins} margins: expected as many of each");
        }

        trees = ForeignCovers.InAllOrNone(trees, assumptions);
        return new ForeignModel(
            "xgboost",
            features,
            learner.TryGetProperty("feature_names", out var names) && names.GetArrayLength() > 0 ? Texts(names) : null,
            answers,
            new TreesDocument<float>(
                toMargin(BaseScore(parameters)), trees.Length / margins, margins, trees, takesMissing ? true : null, link))
        {
            Assumptions = assumptions,
            Gains = Gains(model, trees.Length, features),
        };
    }

    /// <returns>Null where the file does not say what splits gained.</returns>
    private static double[]? Gains(JsonElement model, int count, int features)
    {
        var gains = new double[features];
        foreach (var tree in model.GetProperty("trees").EnumerateArray().Take(count))
        {
            if (!tree.TryGetProperty("loss_changes", out _))
            {
                return null;
            }

            var left = Numbers(tree, "left_children", number => number.GetInt32());
            var feature = Numbers(tree, "split_indices", number => number.GetInt32());
            var gain = Numbers(tree, "loss_changes", number => number.ValueKind is JsonValueKind.Number ? number.GetDouble() : 0);
            // A node that no branch leads to was not looked at.
            for (var n = 0; n < Math.Min(left.Length, gain.Length); n++)
            {
                if (left[n] >= 0 && (uint)feature[n] < (uint)features)
                {
                    gains[feature[n]] += gain[n];
                }
            }
        }

        return gains;
    }

    private static (int Answers, LinkDocument? Link, Func<float, float> ToMargin) Objective(string name, int classes) => name switch
    {
        "multi:softprob" or "multi:softmax" when classes >= 2 => (classes, null, score => score),

        // The base score is a probability there.
        "binary:logistic" => (2, new LinkDocument(LinkDocument.Logistic), score => -MathF.Log((1 / score) - 1)),
        "reg:squarederror" or "reg:linear" => (0, new LinkDocument(LinkDocument.Identity), score => score),
        _ => throw ForeignModel.Wrong(
            $"XGBoost's objective {name} cannot be imported; multi:softprob, multi:softmax, binary:logistic and reg:squarederror can"),
    };

    private static TreeDocument<float>[] Trees(JsonElement model, int features, bool takesMissing)
    {
        var classOfTree = Numbers(model, "tree_info", number => number.GetInt32());
        var trees = model.GetProperty("trees");
        if (trees.GetArrayLength() != classOfTree.Length)
        {
            throw ForeignModel.Wrong($"{trees.GetArrayLength()} trees, and the classes of {classOfTree.Length}");
        }

        return
        [
            .. trees.EnumerateArray().Select((tree, t) =>
                Tree($"tree {t}", classOfTree[t], tree, features, takesMissing)),
        ];
    }

    private static TreeDocument<float> Tree(string place, int margin, JsonElement tree, int features, bool takesMissing)
    {
        var leaves = new List<int>();
        var nodes = Nodes(place, tree, features, takesMissing, leaves);
        // The sums of second derivatives, which XGBoost's own contributions take for the number of rows.
        var hessians = tree.TryGetProperty("sum_hessian", out _)
            ? Numbers(tree, "sum_hessian", number => number.ValueKind is JsonValueKind.Number ? number.GetSingle() : float.NaN)
            : [];
        return new TreeDocument<float>(margin, nodes, ForeignCovers.Of(leaves, hessians));
    }

    private static NodeDocument<float>[] Nodes(string place, JsonElement tree, int features, bool takesMissing, List<int> leaves)
    {
        var left = Numbers(tree, "left_children", number => number.GetInt32());
        var right = Numbers(tree, "right_children", number => number.GetInt32());
        var feature = Numbers(tree, "split_indices", number => number.GetInt32());
        var condition = Numbers(tree, "split_conditions", number => number.GetSingle());
        var missingLeft = Numbers(tree, "default_left", number => number.ValueKind is JsonValueKind.True
            || (number.ValueKind is JsonValueKind.Number && number.GetInt32() != 0));
        if (left.Length == 0 || new[] { right.Length, feature.Length, condition.Length, missingLeft.Length }.Any(n => n != left.Length))
        {
            throw ForeignModel.Wrong($"{place}: its arrays are empty or of different lengths");
        }

        if (tree.TryGetProperty("split_type", out var types) && types.EnumerateArray().Any(type => type.GetInt32() != 0))
        {
            throw ForeignModel.Wrong($"{place}: splits by categories cannot be imported; train on columns of 0 and 1");
        }

        return ForeignTree.Renumber(
            place,
            left.Length,
            root: 0,
            n => left[n] < 0
                ? new ForeignNode<float>(0, 0, null, 0, condition[n], false)
                : feature[n] >= 0 && feature[n] < features
                    ? new ForeignNode<float>(feature[n], condition[n], left[n], right[n], 0, takesMissing && missingLeft[n])
                    : throw ForeignModel.Wrong($"{place}: node {n} splits by feature {feature[n]}, and there are {features}"),
            leaves);
    }

    private static int? BestIteration(JsonElement learner) =>
        learner.TryGetProperty("attributes", out var attributes) && attributes.TryGetProperty("best_iteration", out var best)
            && int.TryParse(best.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var iteration)
            ? iteration
            : null;

    // A number, or since version 3.1 a list of one for each margin, of which all are the same unless somebody set them.
    private static float BaseScore(JsonElement parameters)
    {
        var text = parameters.GetProperty("base_score").GetString()!;
        float[] scores =
        [
            .. text.Trim('[', ']').Split(',').Select(score => float.Parse(score, NumberStyles.Float, CultureInfo.InvariantCulture)),
        ];
        return scores.Distinct().Count() == 1
            ? scores[0]
            : throw ForeignModel.Wrong($"base_score {text} differs between classes; expected one number");
    }

    private static int Integer(JsonElement parent, string name) =>
        int.Parse(parent.GetProperty(name).GetString()!, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string[] Texts(JsonElement array) => [.. array.EnumerateArray().Select(text => text.GetString()!)];

    private static T[] Numbers<T>(JsonElement parent, string name, Func<JsonElement, T> number) =>
        [.. parent.GetProperty(name).EnumerateArray().Select(number)];
}
