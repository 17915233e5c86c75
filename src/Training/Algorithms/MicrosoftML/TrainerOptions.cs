using Microsoft.ML;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;

namespace IrisOperator.Training.Algorithms.MicrosoftML;

/// <summary>From our parameters to the options of Microsoft.ML's trainers.</summary>
/// <remarks>
/// Apart from the algorithms, because the runtime loads what constrains a type parameter together with the class that has the method.
/// </remarks>
internal static class TrainerOptions
{
    public static TOptions Configure<TOptions, TOutput, TTransformer, TModel>(TOptions options, FitOptions fit, int rows)
        where TOptions : LightGbmTrainerBase<TOptions, TOutput, TTransformer, TModel>.OptionsBase, new()
        where TTransformer : ISingleFeaturePredictionTransformer<TModel>
        where TModel : class
    {
        var parameters = fit.Parameters;
        options.FeatureColumnName = RowsView.Features;
        options.LabelColumnName = RowsView.Label;
        options.ExampleWeightColumnName = RowsView.Weight;
        options.UseCategoricalSplit = false;
        options.NumberOfIterations = parameters.Integer("rounds");
        options.NumberOfLeaves = parameters.Integer("leaves");
        options.LearningRate = parameters.Number("learningRate");
        options.MinimumExampleCountPerLeaf = parameters.Integer("minLeafRows");
        options.EarlyStoppingRound = parameters.Integer(EarlyStopping.Rounds);
        options.NumberOfThreads = Threads.Of(parameters, rows);
        options.Seed = fit.Seed;
        options.Deterministic = true;
        options.ForceColumnWise = true;
        options.Booster = new GradientBooster.Options
        {
            MaximumTreeDepth = parameters.Integer("maxDepth"),
            MinimumChildWeight = parameters.Number("minChildWeight"),
            SubsampleFrequency = parameters.Number("subsample") < 1 ? 1 : 0,
            SubsampleFraction = parameters.Number("subsample"),
            FeatureFraction = parameters.Number("columnSample"),
            L2Regularization = parameters.Number("lambda"),
        };
        return options;
    }

    public static T Configure<T>(T options, ParameterSet parameters, int seed)
        where T : FastForestOptionsBase
    {
        options.FeatureColumnName = RowsView.Features;
        options.LabelColumnName = RowsView.Label;
        options.ExampleWeightColumnName = RowsView.Weight;
        options.NumberOfTrees = parameters.Integer("trees");
        options.NumberOfLeaves = parameters.Integer("leaves");
        options.MinimumExampleCountPerLeaf = parameters.Integer("minLeafRows");
        options.BaggingExampleFraction = parameters.Number("subsample");
        options.FeatureFraction = parameters.Number("columnSample");
        options.FeatureFractionPerSplit = parameters.Number("splitColumnSample");
        options.NumberOfThreads = 1;
        options.Seed = seed;
        options.FeatureSelectionSeed = seed;
        return options;
    }
}
