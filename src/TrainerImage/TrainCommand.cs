using System.Globalization;
using System.Text;
using IrisOperator.Learning;
using IrisOperator.Learning.Data;
using IrisOperator.Learning.Storage;
using IrisOperator.Learning.Training;

namespace IrisOperator.TrainerImage;

/// <summary>One run of the program, from the arguments to the exit code.</summary>
/// <remarks>
/// Standard output: progress for people, then the compact report on the last line. Standard error: one line, if the run
/// fails. The report is also written to --report or the termination log, last of all: it is there only when the
/// model is.
/// </remarks>
internal sealed class TrainCommand(TextWriter output, TextWriter error, Func<string, string?> environment, TimeProvider clock)
{
    public static string Version { get; } = typeof(TrainCommand).Assembly.GetName().Version!.ToString(3);

    public int Run(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        CompactReport report;
        int exitCode;
        try
        {
            var options = CommandLine.Parse(arguments, environment);
            if (options.Help || options.Version)
            {
                output.Write(options.Help ? HelpText.Write() : $"train {Version}\n");
                return ExitCode.Trained;
            }
            report = Train(options, cancellationToken);
            exitCode = ExitCode.Trained;
        }
        catch (Exception e) when (Failure.From(e) is { Reason: not "Unexpected" } failure)
        {
            error.WriteLine($"train: {failure.Message}");
            (report, exitCode) = (failure.ToReport(Version), failure.ExitCode);
        }
        catch (Exception e) when (Failure.From(e) is var failure)
        {
            // A fault of this program: the stack trace is for whoever mends it.
            error.WriteLine($"train: {e}");
            (report, exitCode) = (failure.ToReport(Version), failure.ExitCode);
        }
        var json = report.ToJson();
        output.WriteLine(Encoding.UTF8.GetString(json));
        return ReportFile.Write(json, arguments, environment, error, "train") ? exitCode : Math.Max(exitCode, ExitCode.MayBeRetried);
    }

    private CompactReport Train(CommandLineOptions options, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var dataset = DatasetReader.ReadFile(DatasetFile.Find(options.Input, options.File), options.Target);
        var (rows, features, classes) = (dataset.Rows.Count, dataset.FeatureNames.Count, dataset.Classes.Count);
        Say($"{dataset.FileName}: {rows} rows, {features} features, {classes} classes of {dataset.Target}");
        var trainer = new Trainer(dataset, options.Training with { TrainerDigest = ProgramIdentity.Digest() });
        var result = trainer.Train(line => Say($"{line}"), cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        new ModelFolderWriter().Write(options.Output, result);
        Verify(options.Output, result);
        var metrics = new CompactMetrics(Text(result.Metrics.Accuracy), Text(result.Metrics.MacroF1), Text(result.Metrics.LogLoss));
        Say($"cross-validated: accuracy {metrics.Accuracy}, macro F1 {metrics.MacroF1}, log loss {metrics.LogLoss}");
        Say($"{(result.Rejection is null ? "accepted" : $"rejected: {result.Rejection}")}");
        Say($"{result.ModelDigest} in {options.Output}, {clock.GetElapsedTime(started).TotalSeconds:F2} s");
        return new CompactReport
        {
            Outcome = result.Rejection is null ? "Accepted" : "Rejected",
            Algorithm = result.Algorithm,
            DatasetDigest = dataset.Digest,
            ModelDigest = result.ModelDigest,
            Rows = rows,
            Features = features,
            Classes = classes,
            Folds = options.Training.Folds,
            Seed = options.Training.Seed,
            Metrics = metrics,
            Message = result.Rejection,
            Trainer = Version,
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

    private void Say(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    internal static string Text(double metric) => metric.ToString("F4", CultureInfo.InvariantCulture);
}
