using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IrisOperator.Training.Data;
using IrisOperator.Training.Storage;
using static IrisOperator.TrainerImage.CommandOption;

namespace IrisOperator.TrainerImage;

/// <summary>A command that reads a table and leaves a model folder.</summary>
internal abstract partial class ModelCommand(
    ProgramContext context, string name, string description, IReadOnlyList<Option> options, params Argument[] words) : TrainerCommand(
    context, name, description, pending: "the model was complete", Failure.OfTraining,
    [.. TableCommandLine.Options, .. options, _require], words)
{
    private static readonly Option _require = Repeatable(
        StepOption.Require, "METRIC=VALUE", "least accuracy, macroF1, rocAuc or r2, greatest logLoss, rmse or mae");

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

    protected static Dataset Read(IReadOnlyList<string> files, TableOptions options, ILogger logger)
    {
        var dataset = DatasetReader.ReadFiles(files, options);
        LogDataset(logger, dataset.FileName, dataset.Rows.Count, dataset.Features.Count, dataset.Rows.Classes, dataset.Target);
        foreach (var assumption in dataset.Assumptions)
        {
            LogAssumption(logger, assumption);
        }
        return dataset;
    }

    protected static TrainingOptions Identified(GivenOptions given, TrainingOptions options) => options with
    {
        Requirements = [.. given.Pairs(_require).Select(pair => Requirement.Parse($"{pair.Key}={pair.Value}"))],
        TrainerVersion = TrainerProgram.Version,
        TrainerDigest = Task.Run(() => ProgramDigest(AppContext.BaseDirectory).ToString()),
    };

    protected TrainReport Write(string output, TrainingResult result, ILogger logger, long started, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        new ModelFolderWriter().Write(output, result);
        Verify(output, result);
        var metrics = result.Metrics.Values.ToDictionary(metric => metric.Key, metric => Text(metric.Value));
        LogProgress(logger, $"evaluated: {string.Join(", ", metrics.Select(metric => $"{metric.Key} {metric.Value}"))}");
        LogProgress(logger, result.Rejection is null ? "accepted" : $"rejected: {result.Rejection}");
        LogModel(logger, result.ModelDigest, output, Time.GetElapsedTime(started).TotalSeconds);
        var dataset = result.Dataset;
        return new TrainReport
        {
            Outcome = result.Rejection is null ? Outcome.Accepted : Outcome.Rejected,
            Algorithm = result.Algorithm,
            DatasetDigest = dataset.Digest,
            ModelDigest = result.ModelDigest,
            Rows = dataset.Rows.Count,
            Features = dataset.Features.Count,
            Classes = dataset.Rows.Classes,
            Metrics = metrics,
            Message = MessageOf(result.Rejection, dataset.Assumptions),
            Trainer = TrainerProgram.Version,
        };
    }

    private static string? MessageOf(string? rejection, IReadOnlyList<string> assumptions)
    {
        string[] sentences = rejection is null ? [.. assumptions] : [rejection, .. assumptions];
        return sentences.Length == 0 ? null : string.Join("; ", sentences);
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
    protected static partial void LogProgress(ILogger logger, string progress);

    [LoggerMessage(LogLevel.Information, "{ModelDigest} in {Folder}, {Seconds:F2} s")]
    private static partial void LogModel(ILogger logger, string modelDigest, string folder, double seconds);
}
