using IrisOperator.Operator.Training.Desired;

namespace IrisOperator.Operator.Training;

/// <summary>
/// Removes old versions after a publication, with the namespace's own credentials: the operator's must not do what a user asks for.
/// </summary>
internal sealed class PruneTask : IUpkeepTask
{
    public string Name => UpkeepTask.Prune;

    public Upkeep? Due(TrainingContext context)
    {
        if (Cause(context) is not { } cause || context.Spec.Publish is not { Retain: { } retain } publish)
        {
            return null;
        }

        var last = context.Training.Status?.Retention;
        var isDone = last is not null
            && (last.Image, last.Retain, last.DryRun == true) == (Image(context), retain, publish.RetainDryRun == true)
            && (last.State == UpkeepState.Succeeded || last.Generation == context.Training.Metadata.Generation);
        return isDone ? null : new Upkeep
        {
            Task = Name,
            JobName = UpkeepRules.JobName(context, Name, cause),
            Run = context.Seen.LastAccepted!.Number,
            Cause = cause,
        };
    }

    public bool IsWanted(TrainingContext context, Upkeep upkeep) => Cause(context) == upkeep.Cause;

    public V1Job Build(TrainingContext context, Upkeep upkeep) => UpkeepJob.Prune(
        context.Training,
        upkeep.JobName,
        ImagesInUse.Of(context.Spec.Publish!.Repository, context.Seen.Models, context.Seen.Trainings.Append(context.Training)),
        context.Options);

    public TrainingDecision End(TrainingContext context, Upkeep upkeep, UpkeepReading reading)
    {
        var report = PruneReport.Parse(reading.Report);
        var succeeded = report?.IsSuccess == true;
        var ended = new RetentionStatus
        {
            State = succeeded ? UpkeepState.Succeeded : UpkeepState.Failed,
            Image = Image(context)!,
            Retain = context.Spec.Publish!.Retain!.Value,
            DryRun = context.Spec.Publish.RetainDryRun,
            Generation = upkeep.Generation,
            JobName = upkeep.JobName,
            Removed = PruneReport.Listed(report?.Removed),
            Removable = PruneReport.Listed(report?.Removable),
            InUse = PruneReport.Listed(report?.InUse),
            Reason = succeeded ? null : report?.Reason ?? "PrunerFailed",
            Message = report?.Message ?? reading.Otherwise,
            Time = context.Now,
        };
        return UpkeepRules.AsBefore(context) with
        {
            Upkeep = UpkeepRecord.Of(context.Training) with { Running = null, Retention = ended },
            Events =
            [
                new EventNote(
                    ended.Reason ?? (ended.DryRun == true ? "PrunedDryRun" : "Pruned"),
                    $"old versions of {context.Spec.Publish.Repository}: {ended.Message}",
                    Name,
                    IsWarning: !succeeded),
            ],
        };
    }

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
