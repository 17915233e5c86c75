using System.Globalization;
using System.Text.Json;
using IrisOperator.Learning.Format;
using IrisOperator.Training.Data;
using IrisOperator.Training.Native;

namespace IrisOperator.Training.Algorithms;

/// <summary>
/// Gradient-boosted trees by XGBoost: objective multi:softprob for any number of classes (two as well: one way for
/// all), exact splits, one thread.
/// </summary>
/// <remarks>
/// One thread and exact splits because sums of float32 in several threads come in varying order, and then the same data
/// would not give the same digest.
/// </remarks>
internal sealed class XGBoostAlgorithm : Algorithm
{
    private const string Rounds = "rounds";

    /// <summary>Our name of a parameter and XGBoost's.</summary>
    private static readonly (string Ours, string Theirs)[] _names =
    [
        ("maxDepth", "max_depth"),
        ("learningRate", "eta"),
        ("minChildWeight", "min_child_weight"),
        ("subsample", "subsample"),
        ("columnSample", "colsample_bytree"),
        ("lambda", "lambda"),
    ];

    public override string Name => "xgboost";

    public override IReadOnlyList<ParameterDefinition> Parameters { get; } =
    [
        ParameterDefinition.Integer(Rounds, 50, 1, 10_000),
        ParameterDefinition.Integer("maxDepth", 3, 1, 16),
        ParameterDefinition.Number("learningRate", 0.1, 0, 1, aboveMin: true),
        ParameterDefinition.Number("minChildWeight", 1, 0, 1e6),
        ParameterDefinition.Number("subsample", 1, 0, 1, aboveMin: true),
        ParameterDefinition.Number("columnSample", 1, 0, 1, aboveMin: true),
        ParameterDefinition.Number("lambda", 1, 0, 1e6),
        ClassWeight.Definition,
    ];

    /// <summary>A few units in the last place of float32: exp() of .NET and of the library may differ.</summary>
    public override double Tolerance => 1e-6;

    public override bool TakesMissing => true;

    public override string Library => $"xgboost {XGBooster.Version}";

    /// <summary>The weight came later than the others: without it the same data go on giving the same digest.</summary>
    internal override bool IsRecorded(string parameter, string value) => parameter != ClassWeight.Name || value != ClassWeight.None;

    internal override Fit Fit(LabelledRows rows, FitOptions options, CancellationToken cancellationToken)
    {
        var (parameters, seed, missing) = options;
        float[] labels = [.. rows.Labels];
        using var booster = XGBooster.Create(rows.ToSingles(), rows.Features, labels, ClassWeight.Of(rows, parameters));
        Configure(booster, rows.Classes, parameters, seed);
        var rounds = parameters.Integer(Rounds);
        for (var round = 0; round < rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            booster.Update(round);
        }
        var trees = XGBoostModelParser.Parse(booster.Save(), rounds, rows.Classes, missing);
        return new Fit([.. booster.Predict().Select(p => (double)p)]) { Trees = trees };
    }

    private static void Configure(XGBooster booster, int classes, ParameterSet parameters, int seed)
    {
        booster.Set("verbosity", "0");
        booster.Set("booster", "gbtree");
        booster.Set("objective", "multi:softprob");
        booster.Set("num_class", classes.ToString(CultureInfo.InvariantCulture));
        booster.Set("base_score", "0.5");
        booster.Set("tree_method", "exact");
        booster.Set("nthread", "1");
        booster.Set("seed", seed.ToString(CultureInfo.InvariantCulture));
        foreach (var (ours, theirs) in _names)
        {
            booster.Set(theirs, parameters.Text(ours));
        }
    }
}

/// <summary>From XGBoost's JSON model (doc/model.schema of XGBoost 1.7) to our trees.</summary>
/// <remarks>
/// There a tree is a set of parallel arrays; a leaf has left child -1 and its weight among the split conditions.
/// Nodes are numbered anew from the root, left branch first, so that children always come after their parent,
/// whatever order XGBoost made them in.
/// </remarks>
internal static class XGBoostModelParser
{
    public static TreesDocument<float> Parse(ReadOnlyMemory<byte> json, int rounds, int classes, bool missing)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var learner = document.RootElement.GetProperty("learner");
            var baseScore = learner.GetProperty("learner_model_param").GetProperty("base_score").GetString()!;
            var model = learner.GetProperty("gradient_booster").GetProperty("model");
            var classOfTree = Numbers(model, "tree_info", e => e.GetInt32());
            TreeDocument<float>[] trees =
            [
                .. model.GetProperty("trees").EnumerateArray()
                    .Select((tree, i) => new TreeDocument<float>(classOfTree[i], Nodes(tree, missing))),
            ];
            return new TreesDocument<float>(
                float.Parse(baseScore, CultureInfo.InvariantCulture), rounds, classes, trees, missing ? true : null);
        }
        catch (Exception e) when (e is KeyNotFoundException or JsonException or FormatException or InvalidOperationException)
        {
            throw new NativeLibraryException($"xgboost: the saved model is not as version 1.7 writes it: {e.Message}", e);
        }
    }

    private static NodeDocument<float>[] Nodes(JsonElement tree, bool missing)
    {
        var left = Numbers(tree, "left_children", e => e.GetInt32());
        var right = Numbers(tree, "right_children", e => e.GetInt32());
        var feature = Numbers(tree, "split_indices", e => e.GetInt32());
        var condition = Numbers(tree, "split_conditions", e => e.GetSingle());
        var defaultLeft = Numbers(tree, "default_left", IsTrue);
        var nodes = new List<NodeDocument<float>>();
        Add(0);
        return [.. nodes];

        // Recursion is safe: maxDepth is at most 16.
        int Add(int theirs)
        {
            var ours = nodes.Count;
            if (left[theirs] < 0)
            {
                nodes.Add(new NodeDocument<float>(Value: condition[theirs]));
                return ours;
            }
            nodes.Add(default);
            var ourLeft = Add(left[theirs]);
            var ourRight = Add(right[theirs]);
            nodes[ours] = new NodeDocument<float>(
                feature[theirs], condition[theirs], ourLeft, ourRight, MissingLeft: missing && defaultLeft[theirs]);
            return ours;
        }
    }

    /// <summary>A truth value is a number in some releases of 1.7.</summary>
    private static bool IsTrue(JsonElement element) =>
        element.ValueKind == JsonValueKind.True || (element.ValueKind == JsonValueKind.Number && element.GetInt32() != 0);

    private static T[] Numbers<T>(JsonElement parent, string name, Func<JsonElement, T> number) =>
        [.. parent.GetProperty(name).EnumerateArray().Select(number)];
}
