using System.Globalization;
using IrisOperator.Learning.Data;
using IrisOperator.Learning.Native;

namespace IrisOperator.Learning.Training;

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
    private static readonly (string Ours, string Theirs)[] Names =
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
    ];

    /// <summary>A few units in the last place of float32: exp() of .NET and of the library may differ.</summary>
    public override double Tolerance => 1e-6;

    public override string Library => $"xgboost {XGBooster.Version}";

    internal override Fit Fit(LabelledRows rows, ParameterSet parameters, int seed, CancellationToken cancellationToken)
    {
        var values = new float[rows.Values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)rows.Values[i];
        }
        var labels = new float[rows.Count];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = rows.Labels[i];
        }
        using var booster = XGBooster.Create(values, rows.Features, labels);
        Configure(booster, rows.Classes, parameters, seed);
        var rounds = parameters.Integer(Rounds);
        for (var round = 0; round < rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            booster.Update(round);
        }
        var trees = XGBoostModelParser.Parse(booster.Save(), rounds, rows.Classes);
        return new Fit(trees, null, [.. booster.Predict().Select(p => (double)p)]);
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
        foreach (var (ours, theirs) in Names)
        {
            booster.Set(theirs, parameters.Text(ours));
        }
    }
}
