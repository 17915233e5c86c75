using IrisOperator.Learning.Format;
using IrisOperator.Training.Data;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Trainers.FastTree;

namespace IrisOperator.Training.Algorithms.MicrosoftML;

/// <summary>
/// Random forests by FastForest of Microsoft.ML, one thread: for each class one that tells it from all others, with Platt's sigmoid on its
/// margin; the probabilities are divided by their sum. Of numbers, one forest.
/// </summary>
internal sealed class RandomForestAlgorithm : Algorithm
{
    public override string Name => "random-forest";

    public override IReadOnlyList<ParameterDefinition> Parameters { get; } =
    [
        ParameterDefinition.Integer("trees", 100, 1, 10_000),
        ParameterDefinition.Integer("leaves", 200, 2, Limits.TreeDepth),
        ParameterDefinition.Integer("minLeafRows", 2, 1, 1_000_000),
        ParameterDefinition.Number("subsample", 0.7, 0, 1, aboveMin: true),
        ParameterDefinition.Number("columnSample", 0.7, 0, 1, aboveMin: true),
        ParameterDefinition.Number("splitColumnSample", 0.4, 0, 1, aboveMin: true),
        ClassWeight.Definition,
    ];

    /// <summary>A few units in the last place of the float32 that the library takes its probabilities in.</summary>
    public override double Tolerance => 1e-6;

    public override string Library => $"{MlSession.Version}, FastForest";

    internal override Fit Fit(LabelledRows rows, FitOptions options, CancellationToken cancellationToken)
    {
        if (rows.Classes == 0)
        {
            return FitNumbers(rows, options, cancellationToken);
        }
        var (parameters, seed) = (options.Parameters, options.Seed);
        var weights = ClassWeight.Of(rows, parameters);
        ForestOfClass[] forests =
        [
            .. Enumerable.Range(0, rows.Classes).Select(positive => MlSession.Run(
                seed,
                context => FitClass(
                    context,
                    new RowsView(rows, weights, positive: positive),
                    TrainerOptions.Configure(new FastForestBinaryTrainer.Options(), parameters, seed)),
                cancellationToken)),
        ];
        // Platt's sigmoid is 1 / (1 + exp(slope m + offset)), ours 1 / (1 + exp(-(slope m + offset))).
        var link = new LinkDocument(
            LinkDocument.Logistic,
            [.. forests.Select(forest => -forest.Calibrator.Slope)],
            [.. forests.Select(forest => -forest.Calibrator.Offset)]);
        TreeEnsemble<QuantileRegressionTree>[] ensembles = [.. forests.Select(forest => forest.Ensemble)];
        return new Fit(rows, Normalised(forests, rows.Count))
        {
            DoubleTrees = MlTrees.Convert(ensembles, link),
            Gains = MlTrees.Gains(ensembles, rows.Features),
        };
    }

    private static Fit FitNumbers(LabelledRows rows, FitOptions options, CancellationToken cancellationToken)
    {
        var (parameters, seed) = (options.Parameters, options.Seed);
        var view = new RowsView(rows, ClassWeight.Of(rows, parameters));
        var (model, answers) = MlSession.Run(
            seed,
            context =>
            {
                var fitted = context.Regression.Trainers
                    .FastForest(TrainerOptions.Configure(new FastForestRegressionTrainer.Options(), parameters, seed))
                    .Fit(view);
                return (fitted.Model, MlSession.Scores(fitted, view));
            },
            cancellationToken);
        TreeEnsemble<QuantileRegressionTree> ensemble = model.TrainedTreeEnsemble;
        return new Fit(rows, answers)
        {
            DoubleTrees = MlTrees.Convert([ensemble], new LinkDocument(LinkDocument.Identity), isMean: true),
            Gains = MlTrees.Gains([ensemble], rows.Features),
        };
    }

    private static ForestOfClass FitClass(MLContext context, RowsView view, FastForestBinaryTrainer.Options options)
    {
        var forest = context.BinaryClassification.Trainers.FastForest(options).Fit(view);
        var scored = forest.Transform(view);
        var fitted = context.BinaryClassification.Calibrators.Platt(RowsView.Label).Fit(scored);
        var found = ((IPredictionTransformer<PlattCalibrator>)fitted).Model;
        // The calibrator knows no weights, and would undo those of the trees: the odds of the class are multiplied by its own.
        var calibrated = context.BinaryClassification.Calibrators.Platt(found.Slope, found.Offset - Math.Log(view.PositiveWeight))
            .Fit(scored);
        return new ForestOfClass(
            forest.Model.TrainedTreeEnsemble,
            ((IPredictionTransformer<PlattCalibrator>)calibrated).Model,
            [.. calibrated.Transform(scored).GetColumn<float>("Probability")]);
    }

    private static float[] Normalised(ForestOfClass[] forests, int rows)
    {
        var answers = new float[rows * forests.Length];
        for (var row = 0; row < rows; row++)
        {
            var sum = forests.Sum(forest => (double)forest.Probabilities[row]);
            for (var c = 0; c < forests.Length; c++)
            {
                answers[(row * forests.Length) + c] = (float)(forests[c].Probabilities[row] / sum);
            }
        }
        return answers;
    }

    /// <param name="Probabilities">Of the class against all others, one per row.</param>
    private sealed record ForestOfClass(
        TreeEnsemble<QuantileRegressionTree> Ensemble, PlattCalibrator Calibrator, float[] Probabilities);
}
