using IrisOperator.Operator.Training.Desired;

namespace IrisOperator.Operator.Training;

/// <summary>Rules about a run that is going on. Each answers null where it does not apply.</summary>
internal static class RunRules
{
    /// <summary>Without it a run whose image cannot be pulled would hold up the spec that corrects it.</summary>
    public static TrainingDecision? Supersede(TrainingContext context) =>
        Running(context) is { } run && run.InputsHash != context.InputsHash
            ? Ended(context, run with { State = RunState.Superseded, Reason = "Superseded", Message = "the spec changed while it ran" })
            : null;

    public static TrainingDecision? CreateJob(TrainingContext context) => Running(context) is { } run && context.Seen.Job is null
        ? new TrainingDecision(Training(run, context.Seen, null))
        {
            Steps = [new CreateStep<V1Job>(TrainingJob.Build(context.Training, run, context.Options))],
        }
        : null;

    public static TrainingDecision? AwaitJobDeletion(TrainingContext context) =>
        Running(context) is { } run && context.Seen.Job is { Metadata.DeletionTimestamp: not null } job && !JobReading.IsFinished(job)
            ? new TrainingDecision(Training(run, context.Seen, "its job is being deleted and will be made again"))
            : null;

    /// <summary>Training is deterministic and idempotent, so losing the report costs time, not truth.</summary>
    public static TrainingDecision? RunAgain(TrainingContext context) =>
        Running(context) is { } run && context.Seen.Job is { } job && JobReading.Of(job, context.Seen.Pods, run.Publication).IsReportLost
            ? new TrainingDecision(Training(run, context.Seen, "its pods vanished with the report, so it runs again"))
            {
                Steps = [new DeleteStep<V1Job>(job.Key(), job.Metadata.Uid)],
            }
            : null;

    public static TrainingDecision? RecordEnd(TrainingContext context)
    {
        if (Running(context) is not { } run || context.Seen.Job is not { } job
            || JobReading.Of(job, context.Seen.Pods, run.Publication) is not { State: { } state } reading)
        {
            return null;
        }

        return Ended(context, run with
        {
            State = state,
            Reason = reading.Reason,
            Message = reading.Message.Length == 0 ? null : reading.Message,
            DatasetDigest = reading.Report?.DatasetDigest,
            ModelDigest = reading.Report?.ModelDigest,
            Metrics = reading.Report?.Metrics,
            Publication = state == RunState.Accepted
                ? reading.Publication
                : run.Publication is { } pending ? pending with { State = PublicationState.Skipped } : null,
        });
    }

    public static TrainingDecision? AwaitJob(TrainingContext context)
    {
        if (Running(context) is not { } run)
        {
            return null;
        }

        var job = context.Seen.Job!;
        var pods = context.Seen.PodsAtWork(job);
        var trouble = PodTrouble.Find(pods, context.Seen.Events);
        var situation = trouble is null
            ? Training(run, context.Seen, Progress(context, run, job))
            : Situation.Blocked(
                trouble.NeedsUser, trouble.Reason, $"run {run.Number}: {trouble.Message}{TrainingRules.StillGood(context.Seen)}");
        return new TrainingDecision(situation) { RequeueAfter = PodTrouble.NextLook(pods) };
    }

    private static string? Progress(TrainingContext context, TrainingRun run, V1Job job)
    {
        if (run.Publication is { } publication && JobReading.IsPublishing(job, context.Seen.Pods))
        {
            return $"its model is being published to {publication.Repository}";
        }

        return JobReading.LastFailure(job, context.Seen.Pods) is { } failure ? $"the job tries again after {failure}" : null;
    }

    public static Situation Training(TrainingRun run, TrainingSeen seen, string? because) =>
        new(
            Phase.Reconciling,
            "Training",
            $"run {run.Number} is going on{(because is null ? "" : $": {because}")}{TrainingRules.StillGood(seen)}");

    private static TrainingRun? Running(TrainingContext context) => context.Last is { State: RunState.Running } run ? run : null;

    private static TrainingDecision Ended(TrainingContext context, TrainingRun run)
    {
        var recorded = RunList.ReplaceLast(context.Seen.Runs, run with { Finished = context.Now });
        var runs = RunList.Trim(recorded, context.Spec.HistoryLimit ?? 10);
        var training = context.Training with { Status = (context.Training.Status ?? new()) with { Runs = runs } };

        // How things stand now is for the rules about an ended run to say.
        var after = context with { Seen = context.Seen with { Training = training, Jobs = [] } };
        var decision = TrainingRules.Settled(after) ?? new TrainingDecision(
            new Situation(Phase.Reconciling, "Training", $"run {run.Number} was superseded: {run.Message}"));
        return decision with { Steps = [], Runs = runs, GoOn = true };
    }
}
