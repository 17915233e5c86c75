namespace IrisOperator.Operator.Training.Steps;

/// <summary>
/// Removes old versions after a publication, with the namespace's own credentials: the operator's must not do what a user asks for.
/// </summary>
internal sealed class PruneStep : FollowUp
{
    public override string Task => StepTask.Prune;

    public override string? Due(TrainingContext context) =>
        Cause(context) is { } cause && context.History.Step(Task) is var last
        && !(last?.State == StepState.Succeeded && last.Cause == cause)
            ? cause
            : null;

    public override V1Job Build(TrainingContext context, string jobName) => PublicationJob.Prune(
        context.Training,
        jobName,
        ImagesInUse.Of(context.Spec.Publish!.Repository, context.Observed.Models, context.Observed.Trainings.Append(context.Training)),
        context.Options);

    public override StepOutcome End(TrainingContext context, StepReport? report)
    {
        var publish = context.Spec.Publish!;
        var subject = $"old versions of {publish.Repository}";
        return report is not { Outcome: Outcome.Pruned or Outcome.DryRun }
            ? new(StepState.Failed, context.History, Reasons.PrunerFailed, subject)
            : new(
                StepState.Succeeded,
                context.History with
                {
                    Retention = new RetentionStatus
                    {
                        DryRun = publish.RetainDryRun,
                        Removed = StepReportExtensions.Listed(report.Removed),
                        Removable = StepReportExtensions.Listed(report.Removable),
                        InUse = StepReportExtensions.Listed(report.InUse),
                    },
                },
                publish.RetainDryRun == true ? Reasons.PrunedDryRun : Reasons.Pruned,
                subject);
    }

    // The newest accepted image, if it is where the spec publishes now, and what is to be done about the others.
    private static string? Cause(TrainingContext context) =>
        context.Spec.Publish is { Retain: { } retain } publish
        && context.History.Accepted?.Publication is { Version: not null, Digest: not null } image && image.Repository == publish.Repository
            ? $"{image.Repository}:{image.Version}@{image.Digest}, retain {retain}{(publish.RetainDryRun == true ? ", dry run" : "")}"
            : null;
}

/// <summary>Removes the model folders of runs that have left the history, so that the claim does not fill (spec.historyLimit).</summary>
internal sealed class PruneModelsStep : FollowUp
{
    public override string Task => StepTask.PruneModels;

    public override string? Due(TrainingContext context)
    {
        var lost = (context.History.Last?.Number ?? 0) - context.History.Runs.Count;
        var cause = $"runs that left the history: {lost}";
        var isDone = context.History.Step(Task) is { State: StepState.Succeeded } last && last.Cause == cause;
        return lost > 0 && !isDone ? cause : null;
    }

    public override V1Job Build(TrainingContext context, string jobName) => PublicationJob.PruneModels(
        context.Training, jobName, context.History.Accepted!, FoldersInUse(context), context.Options);

    public override StepOutcome End(TrainingContext context, StepReport? report)
    {
        const string Subject = "model folders of earlier runs";
        return report is { Outcome: Outcome.Pruned }
            ? new(StepState.Succeeded, context.History, Reasons.ModelsPruned, report.Removed is null ? null : Subject)
            : new(StepState.Failed, context.History, Reasons.PrunerFailed, Subject);
    }

    // A model may serve a run that the history has lost.
    private static IEnumerable<string> FoldersInUse(TrainingContext context) =>
        context.Observed.Models
            .Where(model => model.Metadata.NamespaceProperty == context.Training.Metadata.NamespaceProperty
                && model.Status?.Model?.Training == context.Training.Metadata.Name)
            .Select(model => model.Status!.Model!.Path)
            .Concat(context.History.Runs.Select(run => run.ModelPath))
            .OfType<string>()
            .Select(path => Path.GetFileName(path))
            .Distinct()
            .Order(StringComparer.Ordinal);
}

/// <summary>What of a repository must not be removed: whatever a model uses, remembers or may take next.</summary>
/// <remarks>
/// Too much is better than too little: the port of a registry does not count, and what cannot be read as an image is passed over.
/// </remarks>
internal static class ImagesInUse
{
    /// <param name="models">All that the operator sees, of any namespace.</param>
    /// <param name="trainings">The same; what they published last may be about to be taken.</param>
    /// <returns>Digests, versions and ranges, sorted and without repetitions.</returns>
    public static IReadOnlyList<string> Of(string repository, IEnumerable<IrisModel> models, IEnumerable<IrisTraining> trainings)
    {
        var wanted = Key(repository);
        return
        [
            .. models.SelectMany(model => Of(model, wanted))
                .Concat(trainings.SelectMany(training => Of(training, wanted)))
                .OfType<string>()
                .Where(IsReadable)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }

    // Of this repository alone: what a model takes from a mirror with another name is not known to be the same image.
    private static IEnumerable<string?> Of(IrisModel model, string? wanted)
    {
        var (spec, status) = (model.Spec.Image, model.Status);
        string?[] asked = spec is null || Key(spec.Repository) != wanted
            ? []
            : [spec.Version, spec.Pin, model.GetAnnotation(Labels.RollbackTo), status?.Image?.Candidate?.Digest];
        return
        [
            .. asked,
            .. IsOf(status?.Image?.Reference, wanted) ? [status?.Image?.Digest] : Array.Empty<string?>(),
            .. from served in status?.History ?? [] where IsOf(served.Reference, wanted) select served.Digest,
        ];
    }

    private static IEnumerable<string?> Of(IrisTraining training, string? wanted)
    {
        var accepted = training.Status?.Runs?.LastOrDefault(run => run.State == RunState.Accepted);
        return accepted?.Publication is { Version: { } version, Digest: { } digest } image && Key(image.Repository) == wanted
            ? [version, digest]
            : [];
    }

    private static bool IsOf(string? reference, string? wanted) =>
        ImageReference.TryParse(reference, out var image, out _) && Key(image.Repository.ToString()) == wanted;

    private static string? Key(string repository) =>
        RepositoryName.TryParse(repository, out var name, out _) ? $"{name.Registry.Name}/{name.Path}" : null;

    private static bool IsReadable(string entry) =>
        ImageVersion.IsDigest(entry) ? Digest.TryParse(entry, out _) : VersionRange.TryParse(entry, out _, out _);
}
