using IrisOperator.Learning.Format;
using IrisOperator.Training.Data;
using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace IrisOperator.Training.Algorithms.MicrosoftML;

/// <summary>
/// Least squares with weights kept small, by stochastic dual coordinate ascent of Microsoft.ML, one thread. Features are standardised with
/// mean and standard deviation of the training rows, which travel with the model.
/// </summary>
internal sealed class LinearRegressionAlgorithm : Algorithm
{
    public override string Name => "linear-regression";

    public override IReadOnlyList<TableTask> Tasks => [TableTask.Regression];

    public override IReadOnlyList<ParameterDefinition> Parameters { get; } =
    [
        ParameterDefinition.Number("l1", 0, 0, 1e6),
        ParameterDefinition.Number("l2", 1e-4, 0, 1e6, aboveMin: true),
        ParameterDefinition.Number("tolerance", 1e-4, 0, 1, aboveMin: true),
        ParameterDefinition.Integer("iterations", 1000, 1, 1_000_000),
    ];

    /// <summary>The library sums in float32, this program in float64.</summary>
    public override double Tolerance => 1e-5;

    public override string Library => $"{MlSession.Version}, SDCA";

    internal override Fit Fit(LabelledRows rows, FitOptions options, CancellationToken cancellationToken)
    {
        var (parameters, seed) = (options.Parameters, options.Seed);
        var scaler = Standardisation.Of(rows);
        float[] weights = [.. Enumerable.Repeat(1f, rows.Count)];
        var view = new RowsView(rows, weights, scaler: scaler);
        var (model, answers) = MlSession.Run(
            seed,
            context =>
            {
                var fitted = context.Regression.Trainers.Sdca(Configure(parameters)).Fit(view);
                return (fitted.Model, MlSession.Scores(fitted, view));
            },
            cancellationToken);
        var document = new LinearDocument(
            [[.. model.Weights.Select(weight => (double)weight)]],
            [model.Bias],
            scaler.Mean,
            scaler.Scale,
            new LinkDocument(LinkDocument.Identity));
        return new Fit(rows, answers) { Linear = document };
    }

    private static SdcaRegressionTrainer.Options Configure(ParameterSet parameters) => new()
    {
        FeatureColumnName = RowsView.Features,
        LabelColumnName = RowsView.Label,
        L1Regularization = (float)parameters.Number("l1"),
        L2Regularization = (float)parameters.Number("l2"),
        ConvergenceTolerance = (float)parameters.Number("tolerance"),
        MaximumNumberOfIterations = parameters.Integer("iterations"),
        NumberOfThreads = 1,
    };
}
