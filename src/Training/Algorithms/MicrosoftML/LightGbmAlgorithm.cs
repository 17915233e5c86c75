using IrisOperator.Learning.Format;
using IrisOperator.Training.Data;
using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;
using EvaluateMetricType = Microsoft.ML.Trainers.LightGbm.LightGbmMulticlassTrainer.Options.EvaluateMetricType;

namespace IrisOperator.Training.Algorithms.MicrosoftML;

/// <summary>
/// Gradient-boosted trees that grow leaf by leaf, by LightGBM: one margin per class and softmax, or a number.
/// </summary>
/// <remarks>
/// LightGBM's `deterministic` gives the same model by any number of threads.
/// Below a weight of 0.001 LightGBM may look for a split that leaves one side empty, and then it fails.
/// Histograms by columns, because LightGBM would otherwise choose by a measurement of time, and sums depend on that choice.
/// </remarks>
internal sealed class LightGbmAlgorithm : Algorithm
{
    public override string Name => "lightgbm";

    public override IReadOnlyList<ParameterDefinition> Parameters { get; } =
    [
        ParameterDefinition.Integer("rounds", 100, 1, 10_000),
        ParameterDefinition.Integer("leaves", 31, 2, 1024),
        ParameterDefinition.Integer("maxDepth", 60, 1, 60),
        ParameterDefinition.Number("learningRate", 0.1, 0, 1, aboveMin: true),
        ParameterDefinition.Integer("minLeafRows", 20, 1, 1_000_000),
        ParameterDefinition.Number("minChildWeight", 0.1, 1e-3, 1e6),
        ParameterDefinition.Number("subsample", 1, 0, 1, aboveMin: true),
        ParameterDefinition.Number("columnSample", 1, 0, 1, aboveMin: true),
        ParameterDefinition.Number("lambda", 0.01, 0, 1e6),
        .. EarlyStopping.Definitions,
        Threads.Definition,
        ClassWeight.Definition,
    ];

    /// <summary>A few units in the last place of the float32 that the library takes its softmax in.</summary>
    public override double Tolerance => 1e-6;

    public override string Library => $"{MlSession.Version}, LightGBM";

    internal override Fit Fit(LabelledRows rows, FitOptions options, CancellationToken cancellationToken)
    {
        var (learned, watched) = EarlyStopping.Split(rows, options);
        var view = new RowsView(learned, ClassWeight.Of(learned, options.Parameters));
        var watchedView = watched is null ? null : new RowsView(watched, ClassWeight.Of(watched, options.Parameters));
        return rows.Classes == 0
            ? FitNumbers(learned, view, watchedView, options, cancellationToken)
            : FitClasses(learned, view, watchedView, options, cancellationToken);
    }

    private static Fit FitNumbers(
        LabelledRows rows, RowsView view, RowsView? watched, FitOptions options, CancellationToken cancellationToken)
    {
        var trainer = TrainerOptions.Configure<
            LightGbmRegressionTrainer.Options,
            float,
            RegressionPredictionTransformer<LightGbmRegressionModelParameters>,
            LightGbmRegressionModelParameters>(new(), options, rows.Count);
        var (model, answers) = MlSession.Run(
            options.Seed,
            context =>
            {
                var fitted = context.Regression.Trainers.LightGbm(trainer).Fit(view, watched);
                return (fitted.Model, MlSession.Scores(fitted, view));
            },
            cancellationToken);
        var trees = MlTrees.Convert([model.TrainedTreeEnsemble], new LinkDocument(LinkDocument.Identity));
        return new Fit(rows, answers) { DoubleTrees = trees, Gains = MlTrees.Gains([model.TrainedTreeEnsemble], rows.Features) };
    }

    private static Fit FitClasses(
        LabelledRows rows, RowsView view, RowsView? watched, FitOptions options, CancellationToken cancellationToken)
    {
        var trainer = TrainerOptions.Configure<
            LightGbmMulticlassTrainer.Options,
            VBuffer<float>,
            MulticlassPredictionTransformer<OneVersusAllModelParameters>,
            OneVersusAllModelParameters>(new() { UseSoftmax = true, EvaluationMetric = EvaluateMetricType.LogLoss }, options, rows.Count);
        var (models, margins) = MlSession.Run(
            options.Seed,
            context =>
            {
                var fitted = context.MulticlassClassification.Trainers.LightGbm(trainer).Fit(view, watched);
                // The calibrators are not asked: softmax is taken of the margins.
                LightGbmBinaryModelParameters[] models =
                [
                    .. MlSession.SubModels(fitted.Model)
                        .Cast<CalibratedModelParametersBase<LightGbmBinaryModelParameters, PlattCalibrator>>()
                        .Select(sub => sub.SubModel),
                ];
                return (models, models.Select(model => MlSession.Scores(MlSession.Scorer(context, model, view), view)).ToArray());
            },
            cancellationToken);
        TreeEnsemble<RegressionTree>[] ensembles = [.. models.Select(model => model.TrainedTreeEnsemble)];
        var answers = Softmax(margins, rows.Count);
        return new Fit(rows, answers) { DoubleTrees = MlTrees.Convert(ensembles), Gains = MlTrees.Gains(ensembles, rows.Features) };
    }

    private static float[] Softmax(float[][] margins, int rows)
    {
        var answers = new float[rows * margins.Length];
        for (var row = 0; row < rows; row++)
        {
            var greatest = margins.Max(of => of[row]);
            var sum = margins.Sum(of => Math.Exp(of[row] - greatest));
            for (var c = 0; c < margins.Length; c++)
            {
                answers[(row * margins.Length) + c] = (float)(Math.Exp(margins[c][row] - greatest) / sum);
            }
        }
        return answers;
    }
}
