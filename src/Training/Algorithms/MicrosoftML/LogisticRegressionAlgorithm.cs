using IrisOperator.Learning.Format;
using IrisOperator.Training.Data;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace IrisOperator.Training.Algorithms.MicrosoftML;

/// <summary>
/// Multinomial logistic regression (maximum entropy) by L-BFGS of Microsoft.ML, one thread. Features are standardised with mean and
/// standard deviation of the training rows, which travel with the model.
/// </summary>
internal sealed class LogisticRegressionAlgorithm : Algorithm
{
    public override string Name => "logistic-regression";

    public override IReadOnlyList<TableTask> Tasks => [TableTask.Classification];

    public override IReadOnlyList<ParameterDefinition> Parameters { get; } =
    [
        ParameterDefinition.Number("l1", 1, 0, 1e6),
        ParameterDefinition.Number("l2", 1, 0, 1e6),
        ParameterDefinition.Number("tolerance", 1e-7, 0, 1, aboveMin: true),
        ParameterDefinition.Integer("iterations", 10_000, 1, 1_000_000),
        ClassWeight.Definition,
    ];

    /// <summary>The library sums in float32, this program in float64.</summary>
    public override double Tolerance => 1e-5;

    public override string Library => $"{MlSession.Version}, L-BFGS";

    internal override Fit Fit(LabelledRows rows, FitOptions options, CancellationToken cancellationToken)
    {
        var (parameters, seed) = (options.Parameters, options.Seed);
        var scaler = Standardisation.Of(rows);
        var view = new RowsView(rows, ClassWeight.Of(rows, parameters), scaler: scaler);
        var (model, answers) = MlSession.Run(
            seed,
            context =>
            {
                var fitted = context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(Options(parameters)).Fit(view);
                return (fitted.Model, MlSession.Scores(fitted, view));
            },
            cancellationToken);
        var weights = default(VBuffer<float>[]);
        model.GetWeights(ref weights, out _);
        var document = new LinearDocument(
            [.. weights.Select(of => of.DenseValues().Select(weight => (double)weight).ToArray())],
            [.. model.GetBiases().Select(bias => (double)bias)],
            scaler.Mean,
            scaler.Scale);
        return new Fit(rows, answers) { Linear = document };
    }

    private static LbfgsMaximumEntropyMulticlassTrainer.Options Options(ParameterSet parameters) => new()
    {
        FeatureColumnName = RowsView.Features,
        LabelColumnName = RowsView.Label,
        ExampleWeightColumnName = RowsView.Weight,
        L1Regularization = (float)parameters.Number("l1"),
        L2Regularization = (float)parameters.Number("l2"),
        OptimizationTolerance = (float)parameters.Number("tolerance"),
        MaximumNumberOfIterations = parameters.Integer("iterations"),
        NumberOfThreads = 1,
    };
}
