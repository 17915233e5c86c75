using IrisOperator.Training.Data;
using IrisOperator.Training.Evaluation;
using IrisOperator.Training.Import;
using IrisOperator.Training.Storage;
using static IrisOperator.TrainerImage.CommandOption;

namespace IrisOperator.TrainerImage;

/// <summary>Takes over what the trainer of a user left in a folder: the stage after it, in the same pod.</summary>
internal sealed class PackageCommand(ProgramContext context) : ModelCommand(
    context, StepCommand.Package,
    "Makes a model folder of what another trainer left: a model folder of this program, or a file that XGBoost or LightGBM saved, or an "
    + "ONNX graph, judged on the rows of a table. What cannot be served is kept as it is.",
    [_data, .. HoldoutCommandLine.Options],
    Word("trained", "the folder with what the trainer left; classes.json may name the classes, metrics.json tell numbers"),
    Word("output", "a folder (made if absent) for the model folder; the trainer's own files go to trained/ in it"))
{
    private const string Kept = "trained";

    private static readonly Option _data = Value(StepOption.Data, "PATH", "a folder with a CSV file, or a CSV file, as for train");

    public override string HelpEnd =>
        ExitCodes("packaged: accepted, or rejected by --require", "disk, signal, crash", "nothing there, model, data, arguments");

    protected override Task<StepReport> RunAsync(GivenOptions given, ILogger logger, CancellationToken cancellationToken)
    {
        var started = Time.GetTimestamp();
        if (given.Words() is not [var trained, var output])
        {
            throw GivenOptions.Wrong(
                $"expected <trained> and <output>, found {given.Words().Count} such arguments; see train package --help");
        }
        var data = given.Single(_data)
            ?? throw GivenOptions.Wrong($"{_data.Name}: expected a table that judges the model; see train package --help");
        var options = HoldoutCommandLine.Read(given, Identified(given, new TrainingOptions()));
        if (ModelFolder.Exists(trained))
        {
            return Task.FromResult(TakeOver(trained, output, options));
        }
        var folder = TrainedFolder.Open(trained);
        if (folder.Model is not { } model)
        {
            return Task.FromResult(Keep(folder, output, options, logger));
        }
        var table = HoldoutCommandLine.Read(given, TableCommandLine.Read(given, MissingValues.Native)) with { Task = model.Task };
        var judging = JudgingRows.Of(Read(TableCommandLine.Files(given, data), table, logger), options);
        var result = model.Judge(judging, options);
        new ModelFolderWriter().Keep(Path.Combine(output, Kept), folder.Files);
        return Task.FromResult<StepReport>(Write(output, result, logger, started, cancellationToken));
    }

    /// <summary>A folder of ours says itself how good it is.</summary>
    private static StepReport TakeOver(string trained, string output, TrainingOptions options)
    {
        var content = ModelFolder.ReadContent(trained);
        content.Model.VerifyGoldenSamples();
        new ModelFolderWriter().Write(output, content);
        return Judged(new Metrics(content.Report.Metrics, [], []), options) with
        {
            DatasetDigest = content.Report.DatasetDigest,
            ModelDigest = content.ModelDigest,
        };
    }

    private static StepReport Keep(TrainedFolder folder, string output, TrainingOptions options, ILogger logger)
    {
        new ModelFolderWriter().Keep(Path.Combine(output, Kept), folder.Files);
        var report = Judged(folder.ToldMetrics, options);
        var message = $"it cannot be served: {folder.Unserved}";
        LogProgress(logger, message);
        return report with
        {
            ModelDigest = folder.Digest.ToString(),
            Message = report.Message is null ? message : $"{report.Message}; {message}",
            Servable = false,
        };
    }

    private static StepReport Judged(Metrics metrics, TrainingOptions options)
    {
        var rejection = Requirement.Unmet(options.Requirements, metrics);
        return new StepReport
        {
            Outcome = rejection is null ? Outcome.Accepted : Outcome.Rejected,
            Metrics = metrics.Values.Count == 0 ? null : metrics.Values.ToDictionary(metric => metric.Key, metric => Text(metric.Value)),
            Message = rejection,
            Trainer = TrainerProgram.Version,
        };
    }
}
