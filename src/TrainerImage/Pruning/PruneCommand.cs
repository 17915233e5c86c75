using IrisOperator.Registry.Pruning;
using IrisOperator.TrainerImage.Publishing;
using static IrisOperator.TrainerImage.CommandOption;

namespace IrisOperator.TrainerImage.Pruning;

/// <summary>What the arguments and the environment ask for.</summary>
internal sealed record PruneOptions(RepositoryName Repository, int Retain, KeepList Keep, bool DryRun, RegistryAccess Access)
{
    private static readonly Option _repository = Value(StepOption.Repository, "REPO", "whose versions, such as registry.example/iris");
    private static readonly Option _retain = Value(StepOption.Retain, "N", "how many versions stay in any case, the highest (1 to 1000)");
    private static readonly Option _keep =
        Repeatable(StepOption.Keep, "VERSION|RANGE|DIGEST", "stays too; of a range, the highest version within it");
    private static readonly Option<bool> _dryRun = Flag(StepOption.DryRun, "remove nothing, and tell what would be removed");

    public static IReadOnlyList<Option> All { get; } = [_repository, _retain, _keep, _dryRun, .. RegistryAccess.All];

    /// <exception cref="InputException">An option is unknown, doubled, incomplete or wrong; it is named.</exception>
    public static PruneOptions Read(GivenOptions given) => given.Flag(_dryRun) is var dryRun && given.Words() is [var word, ..]
        ? throw GivenOptions.Wrong($"expected options only, found \"{word}\"; to train on a folder called prune, write ./prune")
        : new PruneOptions(
            given.Required(_repository, RepositoryName.Parse),
            given.WholeNumber(_retain, 1, 1000) ?? given.Required(_retain, int.Parse),
            GivenOptions.Parsed(_keep, "", _ => KeepList.Parse(given.All(_keep))),
            dryRun,
            RegistryAccess.Read(given, retryTimeout: 60));
}

/// <summary>Removes old versions from a repository.</summary>
internal sealed partial class PruneCommand(ProgramContext context) : TrainerCommand(
    context, StepCommand.Prune, "Removes old versions of an image from its repository.", pending: "all old versions were removed",
    RegistryAccess.ReasonOf, PruneOptions.All)
{
    private readonly List<Tag> _removed = [];

    public override string HelpEnd => $"""
        Only semantic versions are removed, never the highest, and by digest, so a version whose image has another tag
        that stays, stays too. Blobs are the registry's to collect.

        {ExitCodes(
            "removed, or with --dry-run told what would be", "registry away, signal", "arguments, credentials, deletion not allowed")}
        """;

    protected override StepReport Failed(Failure failure) => _removed.Count == 0
        ? base.Failed(failure)
        : base.Failed(failure) with { Removed = ReportWriter.Shown(_removed.Select(tag => tag.Text)), RemovedCount = _removed.Count };

    protected override async Task<StepReport> RunAsync(GivenOptions given, ILogger logger, CancellationToken cancellationToken)
    {
        var options = PruneOptions.Read(given);
        using var transport = new RegistryTransport(options.Access.Registries, Time);
        var pruner = new RepositoryPruner(new RegistryClient(transport, options.Access.ReadCredentials()));
        var retry = options.Access.Retry(Time, logger);
        var result = await retry.RunAsync(token => AttemptAsync(pruner, options, token), cancellationToken);
        var removed = options.DryRun ? result.Removed : _removed;
        foreach (var version in removed)
        {
            LogRemoved(logger, options.DryRun ? "would remove" : "removed", options.Repository, version);
        }
        return ReportOf(options, removed, result);
    }

    // What is gone stays gone, so another attempt has less to do; what all of them removed is told at the end.
    private async Task<PruneResult> AttemptAsync(RepositoryPruner pruner, PruneOptions options, CancellationToken cancellationToken)
    {
        var result = await pruner.PruneAsync(options.Repository, options.Retain, options.Keep, options.DryRun, cancellationToken);
        if (!options.DryRun)
        {
            _removed.AddRange(result.Removed);
        }
        return result.Problem switch
        {
            null => result,
            { Problem: RegistryProblem.Rejected or RegistryProblem.Forbidden or RegistryProblem.Unauthorized } refused =>
                throw new RegistryException(refused.Problem, $"{options.Repository.Registry} removes nothing for this account: "
                    + $"{refused.Message}; allow deletion there, or retain all versions", refused),
            var problem => throw problem,
        };
    }

    private static StepReport ReportOf(PruneOptions options, IReadOnlyList<Tag> removed, PruneResult result)
    {
        string[] facts =
        [
            $"{removed.Count} {(options.DryRun ? "would be removed" : "removed")}",
            .. result.InUse.Count == 0 ? [] : new[] { $"{result.InUse.Count} older than the {options.Retain} highest stay in use" },
            .. result.Left == 0 ? [] : new[] { $"{result.Left} are left for the next time" },
        ];
        var names = ReportWriter.Shown(removed.Select(tag => tag.Text));
        var report = new StepReport
        {
            Outcome = options.DryRun ? Outcome.DryRun : Outcome.Pruned,
            Repository = options.Repository.ToString(),
            InUse = ReportWriter.Shown(result.InUse.Select(tag => tag.Text)),
            InUseCount = result.InUse.Count,
            Message = string.Join(", ", facts),
        };
        return options.DryRun
            ? report with { Removable = names, RemovableCount = removed.Count }
            : report with { Removed = names, RemovedCount = removed.Count };
    }

    [LoggerMessage(LogLevel.Information, "{What} {Repository}:{Version}")]
    private static partial void LogRemoved(ILogger logger, string what, RepositoryName repository, Tag version);
}
