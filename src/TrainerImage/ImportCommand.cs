using IrisOperator.Training.Data;
using IrisOperator.Training.Import;
using static IrisOperator.TrainerImage.CommandOption;

namespace IrisOperator.TrainerImage;

/// <summary>Takes over a model that another library trained.</summary>
internal sealed class ImportCommand(ProgramContext context) : ModelCommand(
    context, StepCommand.Import,
    "Makes a model folder of a model that XGBoost or LightGBM saved, or of an ONNX graph, judged on the rows of a table.", [_data],
    Word("model", "XGBoost's JSON or UBJSON, LightGBM's text, or ONNX: a file, or a folder with one file"),
    Word("output", "a folder (made if absent) for model.json, model.txt, report.json and manifest.json"))
{
    private static readonly Option _data = Value(StepOption.Data, "PATH", "a folder with a CSV file, or a CSV file, as for train");

    public override string HelpEnd =>
        ExitCodes("imported: accepted, or rejected by --require", "disk, signal, crash", "model, data, arguments");

    protected override Task<StepReport> RunAsync(GivenOptions given, ILogger logger, CancellationToken cancellationToken)
    {
        var started = Time.GetTimestamp();
        if (given.Words() is not [var path, var output])
        {
            throw GivenOptions.Wrong($"expected <model> and <output>, found {given.Words().Count} such arguments; see train import --help");
        }
        var data = given.Single(_data)
            ?? throw GivenOptions.Wrong($"{_data.Name}: expected a table that judges the model; see train import --help");
        var model = ModelImporter.Open(path);

        // Most trees know where a missing value goes.
        var table = TableCommandLine.Read(given, MissingValues.Native) with { Task = model.Task };
        var dataset = Read(TableCommandLine.Files(given, data), table, logger);
        var result = model.Judge(dataset, Identified(given, new TrainingOptions()));
        return Task.FromResult<StepReport>(Write(output, result, logger, started, cancellationToken));
    }
}
