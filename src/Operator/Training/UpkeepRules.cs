namespace IrisOperator.Operator.Training;

/// <summary>Rules about what is done for a publication after its run. Each answers null where it does not apply.</summary>
/// <remarks>The training stays as ready as it was, however upkeep goes: it takes nothing away from what was published.</remarks>
internal static class UpkeepRules
{
    private static readonly IUpkeepTask[] Tasks = [new RebaseTask(), new PruneTask()];

    /// <summary>What the server has against a job of upkeep is no reason to call the training stalled.</summary>
    public static TrainingDecision? Refused(TrainingContext context) =>
        context.Seen.Refusal is { } refusal && GoingOn(context) is { } upkeep && IsSettled(context)
            ? AsBefore(context) with
            {
                Upkeep = Held(context, upkeep, $"{refusal.Reason}: {refusal.Message}"),
                RequeueAfter = Refusal.Retry,
            }
            : null;

    /// <summary>A run is due, the spec is suspended, or nobody wants it any more.</summary>
    public static TrainingDecision? Stop(TrainingContext context)
    {
        if (GoingOn(context) is not { } upkeep
            || (IsSettled(context) && context.Spec.Suspend != true && TaskOf(upkeep).IsWanted(context, upkeep)))
        {
            return null;
        }

        var job = context.Seen.UpkeepJob;
        return AsBefore(context) with
        {
            Steps = job is null ? [] : [new DeleteStep<V1Job>(job.Key(), job.Metadata.Uid)],
            Upkeep = UpkeepRecord.Of(context.Training) with { Running = null },
            GoOn = true,
        };
    }

    public static TrainingDecision? CreateJob(TrainingContext context) => GoingOn(context) is { } upkeep && context.Seen.UpkeepJob is null
        ? AsBefore(context) with
        {
            Steps = [new CreateStep<V1Job>(TaskOf(upkeep).Build(context, upkeep))],
            Upkeep = Held(context, upkeep, null),
        }
        : null;

    public static TrainingDecision? AwaitJobDeletion(TrainingContext context) =>
        GoingOn(context) is { } upkeep
        && context.Seen.UpkeepJob is { Metadata.DeletionTimestamp: not null } job && !JobReading.IsFinished(job)
            ? AsBefore(context) with { Upkeep = Held(context, upkeep, "its job is being deleted and will be made again") }
            : null;

    /// <summary>All tasks may be repeated, so losing the report costs time, not truth.</summary>
    public static TrainingDecision? Repeat(TrainingContext context) =>
        GoingOn(context) is not null && context.Seen.UpkeepJob is { } job && UpkeepReading.Of(job, context.Seen.Pods).IsReportLost
            ? AsBefore(context) with { Steps = [new DeleteStep<V1Job>(job.Key(), job.Metadata.Uid)] }
            : null;

    public static TrainingDecision? RecordEnd(TrainingContext context) =>
        GoingOn(context) is { } upkeep && UpkeepReading.Of(context.Seen.UpkeepJob!, context.Seen.Pods) is { HasEnded: true } reading
            ? TaskOf(upkeep).End(context, upkeep, reading) with { GoOn = true }
            : null;

    public static TrainingDecision? AwaitJob(TrainingContext context)
    {
        if (GoingOn(context) is not { } upkeep)
        {
            return null;
        }

        var job = context.Seen.UpkeepJob!;
        var pods = context.Seen.PodsAtWork(job);
        var trouble = PodTrouble.Find(pods, context.Seen.Events);
        return AsBefore(context) with
        {
            Upkeep = Held(context, upkeep, trouble is null ? null : $"{trouble.Reason}: {trouble.Message}"),
            RequeueAfter = PodTrouble.NextLook(pods),
        };
    }

    /// <summary>Records the intent; the job is created by the next plan, as it would be after a crash right here.</summary>
    public static TrainingDecision? Start(TrainingContext context)
    {
        if (!IsSettled(context) || context.Spec.Suspend == true
            || Tasks.Select(task => task.Due(context)).FirstOrDefault(due => due is not null) is not { } due)
        {
            return null;
        }

        var started = due with { Generation = context.Training.Metadata.Generation, Started = context.Now };
        return AsBefore(context) with { Upkeep = UpkeepRecord.Of(context.Training) with { Running = started }, GoOn = true };
    }

    /// <summary>Like that of a run, a function of what is recorded; with the time, because the same may be due again some day.</summary>
    public static string JobName(TrainingContext context, string task, string cause) =>
        $"{context.Training.Metadata.Name}-{Names.Hash(10, context.Training.Metadata.Uid, task, cause, context.Now.ToString("O", null))}";

    /// <summary>What the rules about an ended run say, without their writes.</summary>
    public static TrainingDecision AsBefore(TrainingContext context) => TrainingRules.Settled(context) is { } settled
        ? settled with { Steps = [] }
        : new TrainingDecision(new Situation(Phase.Reconciling, "Training", $"another run is due{TrainingRules.StillGood(context.Seen)}"));

    private static Upkeep? GoingOn(TrainingContext context) => context.Last is { State: RunState.Running } ? null : context.Seen.Upkeep;

    private static bool IsSettled(TrainingContext context) => TrainingRules.IsSettled(context.Seen, context.InputsHash);

    private static UpkeepRecord Held(TrainingContext context, Upkeep upkeep, string? message) =>
        UpkeepRecord.Of(context.Training) with { Running = upkeep with { Message = message } };

    private static IUpkeepTask TaskOf(Upkeep upkeep) => Tasks.First(task => task.Name == upkeep.Task);
}

/// <summary>Something to be done by a job for the newest image, once its run has ended. Pure, as the rules are.</summary>
internal interface IUpkeepTask
{
    /// <summary>One of <see cref="UpkeepTask"/>.</summary>
    public string Name { get; }

    /// <summary>
    /// Null while there is nothing to do, or what there is was tried already. Generation and start are the caller's to set.
    /// </summary>
    public Upkeep? Due(TrainingContext context);

    /// <summary>False stops one that is going on.</summary>
    public bool IsWanted(TrainingContext context, Upkeep upkeep);

    public V1Job Build(TrainingContext context, Upkeep upkeep);

    /// <summary>Records how it ended.</summary>
    public TrainingDecision End(TrainingContext context, Upkeep upkeep, UpkeepReading reading);
}

/// <summary>What the status says of upkeep: what is going on, and how each task ended last.</summary>
internal sealed record UpkeepRecord(Upkeep? Running, RebaseStatus? Rebase, RetentionStatus? Retention)
{
    public static UpkeepRecord Of(IrisTraining training) =>
        new(training.Status?.Upkeep, training.Status?.Rebase, training.Status?.Retention);
}
