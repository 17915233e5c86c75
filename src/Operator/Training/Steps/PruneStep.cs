using IrisOperator.Operator.Training.Desired;

namespace IrisOperator.Operator.Training.Steps;

/// <summary>
/// Removes old versions after a publication, with the namespace's own credentials: the operator's must not do what a user asks for.
/// </summary>
internal sealed class PruneStep(TrainingStep record) : FollowUp(record)
{
    public static DueStep? Due(TrainingContext context)
    {
        if (Cause(context) is not { } cause || context.Spec.Publish is not { Retain: { } retain } publish)
        {
            return null;
        }

        var last = context.Training.Status?.Retention;
        var isDone = last is not null
            && (last.Image, last.Retain, last.DryRun == true) == (Image(context), retain, publish.RetainDryRun == true)
            && (last.State == StepState.Succeeded || last.Generation == context.Training.Metadata.Generation);
        return isDone ? null : Plan(context, StepTask.Prune, context.Seen.LastAccepted!.Number, cause);
    }

    public override V1Job Build(TrainingContext context) => PublicationJob.Prune(
        context.Training,
        Record.JobName,
        ImagesInUse.Of(context.Spec.Publish!.Repository, context.Seen.Models, context.Seen.Trainings.Append(context.Training)),
        context.Options);

    public override TrainingDecision End(TrainingContext context, JobState.Ended end)
    {
        var report = StepReport.Parse(end.Container?.Message);
        var succeeded = report?.Outcome is "Pruned" or "DryRun";
        var ended = new RetentionStatus
        {
            State = succeeded ? StepState.Succeeded : StepState.Failed,
            Image = Image(context)!,
            Retain = context.Spec.Publish!.Retain!.Value,
            DryRun = context.Spec.Publish.RetainDryRun,
            Generation = Record.Generation,
            JobName = Record.JobName,
            Removed = StepReport.Listed(report?.Removed),
            Removable = StepReport.Listed(report?.Removable),
            InUse = StepReport.Listed(report?.InUse),
            Reason = succeeded ? null : report?.ReasonOr("PrunerFailed") ?? "PrunerFailed",
            Message = report?.Message ?? end.Explanation,
            Time = context.Now,
        };
        return new TrainingDecision(Standing.Of(context))
        {
            Step = StepStatus.Of(context.Training) with { Running = null, Retention = ended },
            Events =
            [
                new EventNote(
                    ended.Reason ?? (ended.DryRun == true ? "PrunedDryRun" : "Pruned"),
                    $"old versions of {context.Spec.Publish.Repository}: {ended.Message}",
                    StepTask.Prune,
                    IsWarning: !succeeded),
            ],
        };
    }

    protected override bool IsWanted(TrainingContext context) => Cause(context) == Record.Cause;

    private static string? Cause(TrainingContext context) =>
        Image(context) is { } image && context.Spec.Publish is { Retain: { } retain } publish
            ? $"{image}, retain {retain}{(publish.RetainDryRun == true ? ", dry run" : "")}"
            : null;

    // The newest accepted image, if it is where the spec publishes now.
    private static string? Image(TrainingContext context) =>
        context.Seen.LastAccepted?.Publication is { Version: not null, Digest: not null } image
        && image.Repository == context.Spec.Publish?.Repository
            ? $"{image.Repository}:{image.Version}@{image.Digest}"
            : null;
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
