using System.Globalization;
using System.Text;
using IrisOperator.Registry;
using IrisOperator.Registry.Pruning;
using IrisOperator.TrainerImage.Publishing;

namespace IrisOperator.TrainerImage.Pruning;

/// <summary>One run of <c>train prune</c>, from the arguments to the exit code.</summary>
/// <remarks>Standard output, standard error and the report's places are those of a training (<see cref="TrainCommand"/>).</remarks>
internal sealed class PruneCommand(TextWriter output, TextWriter error, Func<string, string?> environment, TimeProvider clock)
{
    private const string Name = "prune";

    private readonly List<Tag> _removed = [];

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (arguments.Any(a => a is "--help" or "-h"))
        {
            await output.WriteAsync(PruneHelpText.Write());
            return ExitCode.Trained;
        }
        var (report, exitCode) = await TryAsync(arguments, cancellationToken);
        var json = report.ToJson();
        await output.WriteLineAsync(Encoding.UTF8.GetString(json));
        return ReportFile.Write(json, arguments, environment, error, Name) ? exitCode : Math.Max(exitCode, ExitCode.MayBeRetried);
    }

    private async Task<(PruneReport Report, int ExitCode)> TryAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            return (await PruneAsync(PruneCommandLine.Parse(arguments, environment), cancellationToken), ExitCode.Trained);
        }
        catch (Exception e) when (PublishFailure.From(e, "all old versions were removed") is var failure)
        {
            // Of a fault of this program the stack trace is for whoever mends it.
            await error.WriteLineAsync(failure.IsUnexpected ? $"{Name}: {e}" : $"{Name}: {failure.Message}");
            return (Failed(failure), failure.ExitCode);
        }
    }

    private async Task<PruneReport> PruneAsync(PruneOptions options, CancellationToken cancellationToken)
    {
        using var transport = new RegistryTransport(options.Registries, clock);
        var pruner = new RepositoryPruner(new RegistryClient(transport, CredentialsFile.Read(options.CredentialsFile)));
        var patience = new Patience(options.Patience, clock, options.Registries.Jitter, output.WriteLine);
        var result = await patience.RunAsync(token => AttemptAsync(pruner, options, token), cancellationToken);
        var removed = options.DryRun ? result.Removed : _removed;
        foreach (var version in removed)
        {
            Say($"{(options.DryRun ? "would remove" : "removed")} {options.Repository}:{version}");
        }
        return Report(options, removed, result);
    }

    // What is gone stays gone, so another attempt has less to do; what all of them removed is told at the end.
    private async Task<PruneResult> AttemptAsync(RepositoryPruner pruner, PruneOptions options, CancellationToken cancellationToken)
    {
        var result = await pruner.PruneAsync(options.Repository, options.Retain, options.Keep, options.DryRun, cancellationToken);
        if (!options.DryRun)
        {
            _removed.AddRange(result.Removed);
        }
        return result.Problem is { } problem ? throw Explained(options, problem) : result;
    }

    private static RegistryException Explained(PruneOptions options, RegistryException problem) => problem.Problem
        is RegistryProblem.Rejected or RegistryProblem.Forbidden or RegistryProblem.Unauthorized
        ? new RegistryException(
            problem.Problem,
            $"{options.Repository.Registry} removes nothing for this account: {problem.Message}; "
            + "allow deletion there, or retain all versions",
            problem)
        : problem;

    private static PruneReport Report(PruneOptions options, IReadOnlyList<Tag> removed, PruneResult result)
    {
        string[] facts =
        [
            $"{removed.Count} {(options.DryRun ? "would be removed" : "removed")}",
            .. result.InUse.Count == 0 ? [] : new[] { $"{result.InUse.Count} older than the {options.Retain} highest stay in use" },
            .. result.Left == 0 ? [] : new[] { $"{result.Left} are left for the next time" },
        ];
        var names = PruneReport.Shown(removed.Select(tag => tag.Text));
        return new PruneReport
        {
            Outcome = options.DryRun ? PruneReport.DryRun : PruneReport.Pruned,
            Repository = options.Repository.ToString(),
            Removed = options.DryRun ? null : names,
            RemovedCount = options.DryRun ? null : removed.Count,
            Removable = options.DryRun ? names : null,
            RemovableCount = options.DryRun ? removed.Count : null,
            InUse = PruneReport.Shown(result.InUse.Select(tag => tag.Text)),
            InUseCount = result.InUse.Count,
            Message = string.Join(", ", facts),
        };
    }

    private PruneReport Failed(PublishFailure failure) => new()
    {
        Outcome = PruneReport.Failed,
        Removed = _removed.Count == 0 ? null : PruneReport.Shown(_removed.Select(tag => tag.Text)),
        RemovedCount = _removed.Count == 0 ? null : _removed.Count,
        Reason = failure.Reason,
        Message = failure.Message,
        Retriable = failure.ExitCode == ExitCode.MayBeRetried,
    };

    private void Say(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
