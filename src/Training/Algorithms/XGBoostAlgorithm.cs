using System.Globalization;
using IrisOperator.Training.Data;
using IrisOperator.Training.Import;
using IrisOperator.Training.Native;

namespace IrisOperator.Training.Algorithms;

/// <summary>
/// Gradient-boosted trees by XGBoost: objective multi:softprob for any number of classes (two as well: one way for
/// all), reg:squarederror for numbers, exact splits, one thread.
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
        float[] labels = rows.Classes == 0 ? [.. rows.Targets.ToArray().Select(target => (float)target)] : [.. rows.Labels];
        using var booster = XGBooster.Create(rows.ToSingles(), rows.Features, labels, ClassWeight.Of(rows, parameters));
        Configure(booster, rows, parameters, seed);
        var rounds = parameters.Integer(Rounds);
        for (var round = 0; round < rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            booster.Update(round);
        }
        var model = Read(booster, missing);
        return new Fit([.. booster.Predict().Select(p => (double)p)]) { Trees = model.Trees, Gains = model.Gains };
    }

    private static ForeignModel Read(XGBooster booster, bool missing)
    {
        try
        {
            return XGBoostModel.Read(booster.Save(), missing);
        }
        catch (InputException e)
        {
            throw new NativeLibraryException($"xgboost: {e.Message}", e);
        }
    }

    private static void Configure(XGBooster booster, LabelledRows rows, ParameterSet parameters, int seed)
    {
        booster.Set("verbosity", "0");
        booster.Set("booster", "gbtree");
        if (rows.Classes == 0)
        {
            // What newer versions of XGBoost begin with by themselves.
            booster.Set("objective", "reg:squarederror");
            booster.Set("base_score", ((float)rows.Targets.ToArray().Average()).ToString("R", CultureInfo.InvariantCulture));
        }
        else
        {
            booster.Set("objective", "multi:softprob");
            booster.Set("num_class", rows.Classes.ToString(CultureInfo.InvariantCulture));
            booster.Set("base_score", "0.5");
        }
        booster.Set("tree_method", "exact");
        booster.Set("nthread", "1");
        booster.Set("seed", seed.ToString(CultureInfo.InvariantCulture));
        foreach (var (ours, theirs) in _names)
        {
            booster.Set(theirs, parameters.Text(ours));
        }
    }
}
