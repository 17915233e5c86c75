using System.Globalization;
using System.Text;
using IrisOperator.Learning;
using IrisOperator.Registry;

namespace IrisOperator.TrainerImage.Publishing;

/// <summary>One run of <c>train publish</c>, from the arguments to the exit code.</summary>
/// <remarks>Standard output, standard error and the report's places are those of a training (<see cref="TrainCommand"/>).</remarks>
internal sealed class PublishCommand(TextWriter output, TextWriter error, Func<string, string?> environment, TimeProvider clock)
{
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (arguments.Any(a => a is "--help" or "-h"))
        {
            await output.WriteAsync(PublishHelpText.Write());
            return ExitCode.Trained;
        }
        var (report, exitCode) = await TryAsync(arguments, cancellationToken);
        var json = report.ToJson();
        await output.WriteLineAsync(Encoding.UTF8.GetString(json));
        return ReportFile.Write(json, arguments, environment, error, "publish") ? exitCode : Math.Max(exitCode, ExitCode.MayBeRetried);
    }

    private async Task<(PublishReport Report, int ExitCode)> TryAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            return (await PublishAsync(PublishCommandLine.Parse(arguments, environment), cancellationToken), ExitCode.Trained);
        }
        catch (Exception e) when (PublishFailure.From(e) is var failure)
        {
            // Of a fault of this program the stack trace is for whoever mends it.
            await error.WriteLineAsync(failure.IsUnexpected ? $"publish: {e}" : $"publish: {failure.Message}");
            return (failure.ToReport(), failure.ExitCode);
        }
    }

    private async Task<PublishReport> PublishAsync(PublishOptions options, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var credentials = CredentialsFile.Read(options.CredentialsFile);
        var content = ModelFolder.ReadContent(options.Folder);
        if (!content.Report.IsAccepted)
        {
            Say($"not published: the run was {content.Report.Outcome}");
            return Skipped(options, content);
        }
        content.Model.VerifyGoldenSamples();
        using var transport = new RegistryTransport(options.Registries, clock);
        var publisher = new ModelPublisher(new RegistryClient(transport, credentials), options, content);
        var patience = new Patience(options.Patience, clock, options.Registries.Jitter, output.WriteLine);
        var report = await patience.RunAsync(publisher.PublishAsync, cancellationToken);
        Say($"{report.Outcome}: {report.Repository}:{report.Version}@{report.Digest}, {clock.GetElapsedTime(started).TotalSeconds:F2} s");
        return report;
    }

    private static PublishReport Skipped(PublishOptions options, ModelContent content) => new()
    {
        Outcome = PublishOutcome.Skipped,
        Repository = options.Repository.ToString(),
        ModelDigest = content.ModelDigest,
        Message = content.Report.Message is { } why
            ? $"the run was {content.Report.Outcome}: {why}"
            : $"the run was {content.Report.Outcome}",
    };

    private void Say(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
