using System.Globalization;
using IrisOperator.Training.Data;
using IrisOperator.Training.Evaluation;
using IrisOperator.Training.Import;
using IrisOperator.Training.Native;

namespace IrisOperator.Training.Algorithms;

/// <summary>
/// Gradient-boosted trees by XGBoost: objective multi:softprob for any number of classes (two as well: one way for
/// all), reg:squarederror for numbers.
/// </summary>
/// <remarks>
/// The same data give the same digest by any number of threads. Exact splits take one thread, for sums of several come in varying
/// order; splits by histograms take derivatives of which the sums are exact (<see cref="Gradients"/>), and rows that are drawn here.
/// </remarks>
internal sealed class XGBoostAlgorithm : Algorithm
{
    private const string Rounds = "rounds";
    private const string Method = "treeMethod";
    private const string Exact = "exact";
    private const string Histogram = "hist";
    private const string Bins = "maxBins";

    // Up to this many rows exact splits cost no more.
    private const int ExactRows = 5000;

    /// <summary>Our name of a parameter and XGBoost's.</summary>
    private static readonly (string Ours, string Theirs)[] _names =
    [
        ("maxDepth", "max_depth"),
        ("learningRate", "eta"),
        ("minChildWeight", "min_child_weight"),
        ("columnSample", "colsample_bytree"),
        ("lambda", "lambda"),
    ];

    public override string Name => "xgboost";

    public override IReadOnlyList<ParameterDefinition> Parameters { get; } =
    [
        ParameterDefinition.Integer(Rounds, 100, 1, 10_000),
        ParameterDefinition.Integer("maxDepth", 3, 1, 16),
        ParameterDefinition.Number("learningRate", 0.3, 0, 1, aboveMin: true),
        ParameterDefinition.Number("minChildWeight", 1, 0, 1e6),
        ParameterDefinition.Number("subsample", 1, 0, 1, aboveMin: true),
        ParameterDefinition.Number("columnSample", 1, 0, 1, aboveMin: true),
        ParameterDefinition.Number("lambda", 1, 0, 1e6),
        ParameterDefinition.Choice(Method, "auto", "auto", Exact, Histogram),
        ParameterDefinition.Integer(Bins, 256, 2, 65_536),
        .. EarlyStopping.Definitions,
        Threads.Definition,
        ClassWeight.Definition,
    ];

    /// <summary>A few units in the last place of float32: exp() of .NET and of the library may differ.</summary>
    public override double Tolerance => 1e-6;

    public override bool TakesMissing => true;

    public override string Library => $"xgboost {XGBooster.Version}";

    internal override ParameterSet Complete(ParameterSet parameters, LabelledRows rows) => parameters.Text(Method) == "auto"
        ? parameters.With(Method, rows.Count <= ExactRows ? Exact : Histogram)
        : parameters;

    /// <summary>Without what came later, a model that makes no use of it keeps its digest.</summary>
    internal override bool IsRecorded(string parameter, ParameterSet parameters) => parameter switch
    {
        ClassWeight.Name => parameters.Text(ClassWeight.Name) != ClassWeight.None,
        Method or Bins => parameters.Text(Method) == Histogram,
        _ => base.IsRecorded(parameter, parameters),
    };

    internal override int FitsAtOnce(ParameterSet parameters) =>
        parameters.Text(Method) == Exact ? Threads.Of(parameters, int.MaxValue) : 1;

    internal override Fit Fit(LabelledRows rows, FitOptions options, CancellationToken cancellationToken)
    {
        var (learned, watched) = EarlyStopping.Split(rows, options);
        var isExact = options.Parameters.Text(Method) == Exact;
        var weights = ClassWeight.Of(learned, options.Parameters);
        var threads = isExact ? 1 : Threads.Of(options.Parameters, rows.Count);
        using var booster = new XGBooster(
            isExact ? ExactMatrix.Create(learned, weights) : QuantileMatrix.Create(learned, options.Parameters.Integer(Bins), threads),
            watched is null ? 0 : ExactMatrix.Create(watched, []));
        Configure(booster, learned, options, isExact, threads);
        var derivatives = isExact ? null : new Gradients(learned, weights, threads);
        Boost(booster, derivatives, watched, options, cancellationToken);
        var model = Read(booster, options.Missing);
        return new Fit(learned, booster.Predict().ToArray()) { Trees = model.Trees, Gains = model.Gains };
    }

    private static void Boost(
        XGBooster booster, Gradients? derivatives, LabelledRows? watched, FitOptions options, CancellationToken cancellationToken)
    {
        var (rounds, subsample) = (options.Parameters.Integer(Rounds), options.Parameters.Number("subsample"));
        var best = new BestRound(options.Parameters.Integer(EarlyStopping.Rounds));
        var random = new Pcg32((ulong)options.Seed);
        for (var (round, goesOn) = (0, true); round < rounds && goesOn; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (derivatives is null)
            {
                booster.Update(round);
            }
            else
            {
                derivatives.Compute(booster.Margins());
                derivatives.Draw(random, subsample);
                booster.Boost(derivatives.First, derivatives.Second);
            }
            goesOn = watched is null || best.Continues(round, BestRound.Loss(watched, booster.PredictWatched()));
            options.Progress?.Invoke(round + 1, rounds);
        }
        if (watched is not null)
        {
            booster.KeepRounds(best.Round + 1);
        }
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

    private static void Configure(XGBooster booster, LabelledRows rows, FitOptions options, bool isExact, int threads)
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
        booster.Set("tree_method", isExact ? Exact : Histogram);
        if (isExact)
        {
            booster.Set("subsample", options.Parameters.Text("subsample"));
        }
        else
        {
            booster.Set("max_bin", options.Parameters.Text(Bins));
        }
        booster.Set("nthread", threads.ToString(CultureInfo.InvariantCulture));
        booster.Set("seed", options.Seed.ToString(CultureInfo.InvariantCulture));
        foreach (var (ours, theirs) in _names)
        {
            booster.Set(theirs, options.Parameters.Text(ours));
        }
    }
}
