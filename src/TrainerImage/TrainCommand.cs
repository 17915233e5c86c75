using IrisOperator.Training.Algorithms;
using static IrisOperator.TrainerImage.CommandOption;

namespace IrisOperator.TrainerImage;

/// <summary>Learns from a table.</summary>
internal sealed class TrainCommand(ProgramContext context) : ModelCommand(
    context, "train", "Learns to predict a label from a table.",
    [_algorithm, _param, _folds, .. HoldoutCommandLine.Options, _refit],
    Word("input", "a folder with a CSV file, or a CSV file: a header, columns, a label column (one called publish is written ./publish)"),
    Word("output", "a folder (made if absent) for model.json, model.txt, report.json and manifest.json"))
{
    private static readonly Option _algorithm = Value(StepOption.Algorithm, "NAME", "see below (default: xgboost)");
    private static readonly Option _param = Repeatable(StepOption.Param, "KEY=VALUE", "parameter of the algorithm, see below");
    private static readonly Option _folds = Value(StepOption.Folds, "N", "folds of the cross-validation (default: 5)");
    private static readonly Option _refit = Value(
        StepOption.Refit, "BOOL", "false: the model is the one that the held-out rows judged, and never learns from them (default: true)");

    public override string HelpEnd => $"""
        Algorithms and their parameters
        {string.Concat(KnownAlgorithms.All.Select(algorithm => $"  {algorithm.Name}\n" + string.Concat(algorithm.Parameters.Select(
            parameter => $"    {parameter.Name,-16} {parameter.Default,-6} {parameter.Allowed}\n"))))}
        {ExitCodes("trained: accepted, or rejected by --require", "disk, signal, crash", "data, parameters, arguments, missing library")}
        """;

    protected override Task<StepReport> RunAsync(GivenOptions given, ILogger logger, CancellationToken cancellationToken)
    {
        var started = Time.GetTimestamp();
        if (given.Words() is not [var input, var output])
        {
            throw GivenOptions.Wrong($"expected <input> and <output>, found {given.Words().Count} such arguments; see train --help");
        }
        var options = Training(given);
        var dataset = Read(TableCommandLine.Files(given, input), HoldoutCommandLine.Read(given, TableCommandLine.Read(given)), logger);
        var result = new Trainer(dataset, options).Train(new ProgressLog(logger, Terminal, Time).Tell, cancellationToken);
        return Task.FromResult<StepReport>(Write(output, result, logger, started, cancellationToken) with
        {
            Folds = options.Holdout is null && dataset.Marks is null ? options.Folds : null,
            Seed = options.Seed,
        });
    }

    private static TrainingOptions Training(GivenOptions given)
    {
        var defaults = new TrainingOptions();
        return HoldoutCommandLine.Read(given, Identified(given, defaults with
        {
            Algorithm = given.Single(_algorithm) ?? defaults.Algorithm,
            Parameters = given.Pairs(_param),
            Folds = given.WholeNumber(_folds) ?? defaults.Folds,
            Refits = given.Single(_refit) switch
            {
                null or "true" => true,
                "false" => false,
                _ => throw given.Unexpected(_refit, "true or false"),
            },
        }));
    }
}
