namespace IrisOperator.Operator.Training.Steps;

/// <summary>
/// Removes old versions after a publication, with the namespace's own credentials: the operator's must not do what a user asks for.
/// </summary>
internal sealed class PruneStep() : FollowUp(StepTask.Prune)
{
    private const int MaxListed = 20;
    private const int MaxTag = 128;

    // The newest accepted image, if it is in the repository where the spec publishes now, and what is to be done about the others.
    public override string? Due(TrainingContext context) => UnlessDone(
        context,
        context.Spec.Publish is { Retain: { } retain } publish
        && context.History.Accepted?.Publication is { Version: not null, Digest: not null } image && image.Repository == publish.Repository
            ? $"{image.Repository}:{image.Version}@{image.Digest}, retain {retain}{(publish.RetainDryRun == true ? ", dry run" : "")}"
            : null);

    public override TimeSpan? MaxSuspendedAge => TrainingJob.PruneTime;

    public override V1Job Build(TrainingContext context, string jobName) => TrainingJob.Prune(
        context.Training,
        jobName,
        ImagesInUse.Of(context.Spec.Publish!.Repository, context.Observed.Models, context.Observed.Trainings.Append(context.Training)),
        context.Options);

    public override StepOutcome End(TrainingContext context, StepReport? report)
    {
        var publish = context.Spec.Publish!;
        var subject = $"old versions of {publish.Repository}";
        if (report is not { Outcome: Outcome.Pruned or Outcome.DryRun })
        {
            return new(StepState.Failed, context.History, Reasons.PrunerFailed, subject);
        }

        var retention = new RetentionStatus
        {
            DryRun = publish.RetainDryRun,
            Removed = Listed(report.Removed),
            Removable = Listed(report.Removable),
            InUse = Listed(report.InUse),
        };
        var reason = publish.RetainDryRun == true ? Reasons.PrunedDryRun : Reasons.Pruned;
        return new(StepState.Succeeded, context.History with { Retention = retention }, reason, subject);
    }

    // Fit for a status, whatever the report says.
    private static IReadOnlyList<string>? Listed(IReadOnlyList<string>? versions) =>
        versions is { Count: > 0 } ? [.. versions.Where(version => version.Length <= MaxTag).Take(MaxListed)] : null;
}

/// <summary>Removes the model folders of runs that have left the history, so that the claim does not fill (spec.historyLimit).</summary>
internal sealed class PruneModelsStep() : FollowUp(StepTask.PruneModels)
{
    public override string? Due(TrainingContext context)
    {
        var lost = (context.History.Last?.Number ?? 0) - context.History.Runs.Count;
        return lost > 0 && Followers(context).All(IsSettled) ? UnlessDone(context, $"runs that left the history: {lost}") : null;
    }

    public override TimeSpan? MaxSuspendedAge => TrainingJob.PruneTime;

    public override V1Job Build(TrainingContext context, string jobName) => TrainingJob.PruneModels(
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
        Followers(context)
            .Select(model => model.Status!.Model!.Path)
            .Concat(context.History.Runs.Select(run => run.ModelPath))
            .OfType<string>()
            .Select(path => Path.GetFileName(path))
            .Distinct()
            .Order(StringComparer.Ordinal);

    private static IEnumerable<IrisModel> Followers(TrainingContext context) => context.Observed.Models.Where(model =>
        model.Metadata.NamespaceProperty == context.Training.Metadata.NamespaceProperty
        && model.Status?.Model?.Training == context.Training.Metadata.Name);

    // While one rolls out, pods of the run before it read a folder that its status names no more.
    private static bool IsSettled(IrisModel model) =>
        model.Status!.Conditions.Find(ConditionTypes.Ready) is { Status: "True" } ready
        && ready.ObservedGeneration == model.Metadata.Generation
        && model.Status.Conditions.Find(ConditionTypes.Reconciling) is null;
}
