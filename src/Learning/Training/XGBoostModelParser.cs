using System.Globalization;
using System.Text.Json;
using IrisOperator.Learning.Format;
using IrisOperator.Learning.Native;

namespace IrisOperator.Learning.Training;

/// <summary>
/// From XGBoost's JSON model (doc/model.schema of XGBoost 1.7) to our trees.
/// </summary>
/// <remarks>
/// There a tree is a set of parallel arrays; a leaf has left child -1 and its weight among the split conditions.
/// Nodes are numbered anew from the root, left branch first, so that children always come after their parent,
/// whatever order XGBoost made them in.
/// </remarks>
internal static class XGBoostModelParser
{
    public static TreesDocument Parse(ReadOnlyMemory<byte> json, int rounds, int classes)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var learner = document.RootElement.GetProperty("learner");
            var baseScore = learner.GetProperty("learner_model_param").GetProperty("base_score").GetString()!;
            var model = learner.GetProperty("gradient_booster").GetProperty("model");
            var classOfTree = Numbers(model, "tree_info", e => e.GetInt32());
            TreeDocument[] trees =
            [
                .. model.GetProperty("trees").EnumerateArray().Select((tree, i) => new TreeDocument(classOfTree[i], Nodes(tree))),
            ];
            return new TreesDocument(float.Parse(baseScore, CultureInfo.InvariantCulture), rounds, classes, trees);
        }
        catch (Exception e) when (e is KeyNotFoundException or JsonException or FormatException or InvalidOperationException)
        {
            throw new NativeLibraryException($"xgboost: the saved model is not as version 1.7 writes it: {e.Message}", e);
        }
    }

    private static NodeDocument[] Nodes(JsonElement tree)
    {
        var left = Numbers(tree, "left_children", e => e.GetInt32());
        var right = Numbers(tree, "right_children", e => e.GetInt32());
        var feature = Numbers(tree, "split_indices", e => e.GetInt32());
        var condition = Numbers(tree, "split_conditions", e => e.GetSingle());
        var nodes = new List<NodeDocument>();
        Add(0);
        return [.. nodes];

        // Recursion is safe: maxDepth is at most 16.
        int Add(int theirs)
        {
            var ours = nodes.Count;
            if (left[theirs] < 0)
            {
                nodes.Add(new NodeDocument(Value: condition[theirs]));
                return ours;
            }
            nodes.Add(default);
            var ourLeft = Add(left[theirs]);
            var ourRight = Add(right[theirs]);
            nodes[ours] = new NodeDocument(feature[theirs], condition[theirs], ourLeft, ourRight);
            return ours;
        }
    }

    private static T[] Numbers<T>(JsonElement parent, string name, Func<JsonElement, T> number)
    {
        return [.. parent.GetProperty(name).EnumerateArray().Select(number)];
    }
}
