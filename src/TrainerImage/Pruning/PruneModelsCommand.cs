using IrisOperator.Training.Storage;
using static IrisOperator.TrainerImage.CommandOption;

namespace IrisOperator.TrainerImage.Pruning;

/// <summary>What the arguments and the environment ask for.</summary>
internal sealed record PruneModelsOptions(string Folder, IReadOnlyList<string> Keep, bool DryRun)
{
    private static readonly Option _folder = Value(StepOption.Folder, "FOLDER", "with the models of one training, a folder each");
    private static readonly Option _keep =
        Repeatable(StepOption.Keep, "NAME", "a folder in it that stays: of a run that is used, or that goes on");
    private static readonly Option<bool> _dryRun = Flag(StepOption.DryRun, "remove nothing, and tell what would be removed");

    public static IReadOnlyList<Option> All { get; } = [_folder, _keep, _dryRun];

    /// <exception cref="InputException">An option is unknown, doubled, incomplete or wrong; it is named.</exception>
    public static PruneModelsOptions Read(GivenOptions given)
    {
        var dryRun = given.Flag(_dryRun);
        if (given.Words() is [var word, ..])
        {
            throw GivenOptions.Wrong(
                $"expected options only, found \"{word}\"; to train on a folder called prune-models, write ./prune-models");
        }
        var folder = given.Required(_folder, text => new DirectoryInfo(text) is { Exists: true, LinkTarget: null } found
            ? found.FullName
            : throw new FormatException($"{text} is no folder"));

        // A caller that forgets what is used must not empty the claim.
        var keep = given.All(_keep) is { Count: > 0 } names ? names : [given.Required(_keep, name => name)];
        return keep.FirstOrDefault(name => Path.GetFileName(name) != name) is { } wrong
            ? throw GivenOptions.Wrong($"{_keep.Name}: expected the name of a folder in {folder}, found \"{wrong}\"")
            : new PruneModelsOptions(folder, keep, dryRun);
    }
}

/// <summary>Removes the model folders of earlier runs.</summary>
internal sealed partial class PruneModelsCommand(ProgramContext context) : TrainerCommand(
    context, StepCommand.PruneModels, "Removes the model folders of earlier runs.", pending: "all old models were removed", ReasonOf,
    PruneModelsOptions.All)
{
    private readonly List<string> _removed = [];

    public override string HelpEnd => $"""
        Only folders with the files of a model and nothing else are removed, complete or not. Symbolic links are never followed.

        {ExitCodes("removed, or with --dry-run told what would be", "disk, signal", "arguments")}
        """;

    private static (string Reason, int ExitCode)? ReasonOf(Exception exception) => exception is IOException or UnauthorizedAccessException
        ? ("ModelsNotRemoved", ExitCode.MayBeRetried)
        : null;

    protected override StepReport Failed(Failure failure) => _removed.Count == 0
        ? base.Failed(failure)
        : base.Failed(failure) with { Removed = ReportWriter.Shown(_removed), RemovedCount = _removed.Count };

    protected override Task<StepReport> RunAsync(GivenOptions given, ILogger logger, CancellationToken cancellationToken)
    {
        var options = PruneModelsOptions.Read(given);
        var models = new RunFolders(options.Folder);
        if (!options.DryRun)
        {
            models.DeleteRemoved();
        }
        var kept = models.Names.ToLookup(options.Keep.Contains);
        foreach (var name in kept[false])
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!options.DryRun)
            {
                models.Remove(name);
            }
            _removed.Add(name);
            LogRemoved(logger, options.DryRun ? "would remove" : "removed", options.Folder, name);
        }
        var (names, inUse) = (ReportWriter.Shown(_removed), kept[true].ToList());
        var report = new StepReport
        {
            Outcome = options.DryRun ? Outcome.DryRun : Outcome.Pruned,
            InUse = ReportWriter.Shown(inUse),
            InUseCount = inUse.Count,
            Message = $"{_removed.Count} {(options.DryRun ? "would be removed" : "removed")}, {inUse.Count} stay in use",
        };
        return Task.FromResult(options.DryRun
            ? report with { Removable = names, RemovableCount = _removed.Count }
            : report with { Removed = names, RemovedCount = _removed.Count });
    }

    [LoggerMessage(LogLevel.Information, "{What} {Folder}/{Name}")]
    private static partial void LogRemoved(ILogger logger, string what, string folder, string name);
}
