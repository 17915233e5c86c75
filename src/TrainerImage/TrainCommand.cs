using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IrisOperator.Training.Algorithms;
using IrisOperator.Training.Data;
using IrisOperator.Training.Evaluation;
using IrisOperator.Training.Storage;
using static IrisOperator.TrainerImage.CommandOption;

namespace IrisOperator.TrainerImage;

/// <summary>Learns from a table and leaves a model folder.</summary>
internal sealed partial class TrainCommand(ProgramContext context) : TrainerCommand(
    context, "train", "Learns to predict a label from a table.", pending: "the model was complete", Failure.OfTraining,
    [.. TableCommandLine.Options, _algorithm, _param, _folds, _holdout, _seed, _require],
    Word("input", "a folder with a CSV file, or a CSV file: a header, columns, a label column (one called publish is written ./publish)"),
    Word("output", "a folder (made if absent) for model.json, model.txt, report.json and manifest.json"))
{
    private static readonly Option _algorithm = Value(StepOption.Algorithm, "NAME", "see below (default: xgboost)");
    private static readonly Option _param = Repeatable(StepOption.Param, "KEY=VALUE", "parameter of the algorithm, see below");
    private static readonly Option _folds = Value(StepOption.Folds, "N", "folds of the cross-validation (default: 5)");
    private static readonly Option _holdout = Value(
        StepOption.Holdout, "SHARE", "share of the rows that judge the model in place of folds, such as 0.2");
    private static readonly Option _seed = Value(StepOption.Seed, "N", "same data, options and seed, same model.json (default: 42)");
    private static readonly Option _require = Repeatable(
        StepOption.Require, "METRIC=VALUE", "least accuracy, macroF1 or rocAuc, greatest logLoss; else the run is Rejected");

    public override string HelpEnd => $"""
        Algorithms and their parameters
        {string.Concat(KnownAlgorithms.All.Select(algorithm => $"  {algorithm.Name}\n" + string.Concat(algorithm.Parameters.Select(
            parameter => $"    {parameter.Name,-16} {parameter.Default,-6} {parameter.Allowed}\n"))))}
        {ExitCodes("trained: accepted, or rejected by --require", "disk, signal, crash", "data, parameters, arguments, missing library")}
        """;

    internal static string Text(double metric) => metric.ToString("F4", CultureInfo.InvariantCulture);

    /// <summary>Which program this is: the sum of its assemblies, the framework's included, for those compute too.</summary>
    /// <remarks>
    /// Told by hand: <c>cd FOLDER; LC_ALL=C sha256sum *.dll | sha256sum</c>. It holds no time, no path and no host, so one build is one
    /// identity wherever it runs. Native libraries are told by their versions in report.json.
    /// </remarks>
    /// <exception cref="IOException">A file of the program cannot be read.</exception>
    internal static Digest ProgramDigest(string folder)
    {
        var lines = new StringBuilder();
        foreach (var path in Directory.EnumerateFiles(folder, "*.dll").Order(StringComparer.Ordinal))
        {
            using var file = File.OpenRead(path);
            lines.Append(Convert.ToHexStringLower(SHA256.HashData(file))).Append("  ").Append(Path.GetFileName(path)).Append('\n');
        }
        return Digest.Of(Encoding.UTF8.GetBytes(lines.ToString()));
    }

    protected override StepReport Failed(Failure failure) => base.Failed(failure) with { Trainer = TrainerProgram.Version };

    protected override Task<StepReport> RunAsync(GivenOptions given, ILogger logger, CancellationToken cancellationToken)
    {
        var started = Time.GetTimestamp();
        if (given.Words() is not [var input, var output])
        {
            throw GivenOptions.Wrong($"expected <input> and <output>, found {given.Words().Count} such arguments; see train --help");
        }
        var options = Training(given);
        var dataset = DatasetReader.ReadFiles(TableCommandLine.Files(given, input), TableCommandLine.Read(given));
        var rows = dataset.Rows;
        LogDataset(logger, dataset.FileName, rows.Count, dataset.Features.Count, rows.Classes, dataset.Target);
        foreach (var assumption in dataset.Assumptions)
        {
            LogAssumption(logger, assumption);
        }
        var trainer = new Trainer(dataset, options with { TrainerDigest = ProgramDigest(AppContext.BaseDirectory).ToString() });
        var result = trainer.Train(line => LogProgress(logger, line), cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        new ModelFolderWriter().Write(output, result);
        Verify(output, result);
        var (accuracy, macroF1, logLoss) = (Text(result.Metrics.Accuracy), Text(result.Metrics.MacroF1), Text(result.Metrics.LogLoss));
        LogMetrics(logger, accuracy, macroF1, logLoss);
        LogProgress(logger, result.Rejection is null ? "accepted" : $"rejected: {result.Rejection}");
        LogModel(logger, result.ModelDigest, output, Time.GetElapsedTime(started).TotalSeconds);
        return Task.FromResult<StepReport>(new TrainReport
        {
            Outcome = result.Rejection is null ? Outcome.Accepted : Outcome.Rejected,
            Algorithm = result.Algorithm,
            DatasetDigest = dataset.Digest,
            ModelDigest = result.ModelDigest,
            Rows = rows.Count,
            Features = dataset.Features.Count,
            Classes = rows.Classes,
            Folds = options.Holdout is null ? options.Folds : null,
            Seed = options.Seed,
            Metrics = Compact(result.Metrics),
            Message = MessageOf(result.Rejection, dataset.Assumptions),
            Trainer = TrainerProgram.Version,
        });
    }

    // An area that no class has is left out.
    private static Dictionary<string, string> Compact(Metrics metrics)
    {
        var compact = new Dictionary<string, string>
        {
            ["accuracy"] = Text(metrics.Accuracy), ["macroF1"] = Text(metrics.MacroF1), ["logLoss"] = Text(metrics.LogLoss),
        };
        if (metrics.RocAuc is { } area)
        {
            compact["rocAuc"] = Text(area);
        }
        return compact;
    }

    private static string? MessageOf(string? rejection, IReadOnlyList<string> assumptions)
    {
        string[] sentences = rejection is null ? [.. assumptions] : [rejection, .. assumptions];
        return sentences.Length == 0 ? null : string.Join("; ", sentences);
    }

    private static TrainingOptions Training(GivenOptions given)
    {
        var defaults = new TrainingOptions();
        return defaults with
        {
            Algorithm = given.Single(_algorithm) ?? defaults.Algorithm,
            Parameters = given.Pairs(_param),
            Folds = given.WholeNumber(_folds) ?? defaults.Folds,
            Holdout = given.Number(_holdout),
            Seed = given.WholeNumber(_seed) ?? defaults.Seed,
            Requirements = [.. given.Pairs(_require).Select(pair => Requirement.Parse($"{pair.Key}={pair.Value}"))],
            TrainerVersion = TrainerProgram.Version,
        };
    }

    /// <summary>As a server would read it: a disk that lies or a second trainer in the same folder must not end in success.</summary>
    private static void Verify(string folder, TrainingResult result)
    {
        var (model, digest) = ModelFolder.Read(folder);
        if (digest != result.ModelDigest)
        {
            throw new ModelFormatException($"{folder} holds {digest} instead of {result.ModelDigest}: does another run write there?");
        }
        model.VerifyGoldenSamples();
    }

    [LoggerMessage(LogLevel.Information, "{File}: {Rows} rows, {Features} features, {Classes} classes of {Target}")]
    private static partial void LogDataset(ILogger logger, string file, int rows, int features, int classes, string target);

    [LoggerMessage(LogLevel.Warning, "assumed: {Assumption}")]
    private static partial void LogAssumption(ILogger logger, string assumption);

    [LoggerMessage(LogLevel.Information, "{Progress}")]
    private static partial void LogProgress(ILogger logger, string progress);

    [LoggerMessage(LogLevel.Information, "evaluated: accuracy {Accuracy}, macro F1 {MacroF1}, log loss {LogLoss}")]
    private static partial void LogMetrics(ILogger logger, string accuracy, string macroF1, string logLoss);

    [LoggerMessage(LogLevel.Information, "{ModelDigest} in {Folder}, {Seconds:F2} s")]
    private static partial void LogModel(ILogger logger, string modelDigest, string folder, double seconds);
}
