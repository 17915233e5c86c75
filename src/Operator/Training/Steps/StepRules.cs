namespace IrisOperator.Operator.Training.Steps;

/// <summary>
/// One state machine for all that is done by a Job: record the intent, ensure the Job, read its end, record the outcome. Each rule
/// answers null where it does not apply.
/// </summary>
internal static class StepRules
{
    /// <summary>The server refused the Job. What was reached before stays as it is.</summary>
    public static TrainingDecision? Refused(TrainingContext context) =>
        context.Step is { } step && context.Seen.Refusal is { } refusal
            ? step.Waiting(context, null, new StepProblem(refusal.Reason, refusal.Message, refusal.NeedsUser)) with
            {
                RequeueAfter = Refusal.Retry,
            }
            : null;

    /// <summary>Nobody wants the result any more: the spec changed, or is suspended.</summary>
    public static TrainingDecision? Stop(TrainingContext context) => context.Step?.Stop(context) is { } stopped
        ? stopped with { Steps = Delete(context.Seen.StepJob) }
        : null;

    public static TrainingDecision? CreateJob(TrainingContext context) => context is { Step: { } step, Job: JobState.Missing }
        ? step.Waiting(context, null, null) with { Steps = [new CreateStep<V1Job>(step.Build(context))] }
        : null;

    public static TrainingDecision? AwaitJobDeletion(TrainingContext context) => context is { Step: { } step, Job: JobState.Deleting }
        ? step.Waiting(context, "its job is being deleted and will be made again", null)
        : null;

    /// <summary>All steps may be repeated, so losing the report costs time, not truth.</summary>
    public static TrainingDecision? RunAgain(TrainingContext context) => context is { Step: { } step, Job: JobState.ReportLost }
        ? step.Waiting(context, "its pods vanished with the report, so it runs again", null) with { Steps = Delete(context.Seen.StepJob) }
        : null;

    public static TrainingDecision? RecordEnd(TrainingContext context) => context is { Step: { } step, Job: JobState.Ended end }
        ? step.End(context, end) with { GoOn = true }
        : null;

    public static TrainingDecision? AwaitJob(TrainingContext context)
    {
        if (context is not { Step: { } step, Job: JobState.Active active })
        {
            return null;
        }

        var pods = context.Seen.PodsAtWork();
        var problem = PodTrouble.Find(pods, context.Seen.Events) is { } trouble
            ? new StepProblem(trouble.Reason, trouble.Message, trouble.NeedsUser)
            : null;
        var message = active.LastFailure is { } last ? $"the job tries again after {step.Describe(last)}" : null;
        return step.Waiting(context, message, problem) with { RequeueAfter = PodTrouble.NextLook(pods) };
    }

    /// <summary>Records the intent; the Job is created by the next plan, as it would be after a crash right here.</summary>
    public static TrainingDecision? Start(TrainingContext context) => context.Due is { NotBefore: var due, Step: { } step } && due <= context.Now
        ? new TrainingDecision(Standing.Of(context)) { Step = StepStatus.Of(context.Training) with { Running = step }, GoOn = true }
        : null;

    private static PlanStep[] Delete(V1Job? job) => job is null ? [] : [new DeleteStep<V1Job>(job.Key(), job.Metadata.Uid)];
}

/// <summary>Something that a Job does for a training. Pure.</summary>
internal interface IStep
{
    /// <returns>Null while the result is wanted, else what to record when the Job is deleted.</returns>
    public TrainingDecision? Stop(TrainingContext context);

    public V1Job Build(TrainingContext context);

    /// <summary>How an attempt failed that the Job repeats.</summary>
    public string Describe(V1ContainerStateTerminated failure);

    /// <summary>How things stand while the Job goes on.</summary>
    /// <param name="message">What goes on; null for nothing beside the step itself.</param>
    /// <param name="problem">What holds it up.</param>
    public TrainingDecision Waiting(TrainingContext context, string? message, StepProblem? problem);

    /// <summary>Records how it ended.</summary>
    public TrainingDecision End(TrainingContext context, JobState.Ended end);
}

/// <summary>What holds up a step, in the words of the server, the scheduler or kubelet.</summary>
internal sealed record StepProblem(string Reason, string Message, bool NeedsUser);

/// <summary>A step that is to be done, at the earliest at a time.</summary>
internal sealed record DueStep(TrainingStep Step, DateTimeOffset NotBefore);

/// <summary>A step that is done for the newest accepted run. One at a time, and none while a run goes on or is due.</summary>
internal abstract class FollowUp(TrainingStep record) : IStep
{
    protected TrainingStep Record => record;

    /// <summary>The step that is recorded as going on; null while there is none.</summary>
    public static IStep? Of(TrainingStep? record) => record?.Task switch
    {
        null => null,
        StepTask.Publish => new PublishStep(record),
        StepTask.Rebase => new RebaseStep(record),
        StepTask.Prune => new PruneStep(record),
        // Of a newer operator that was taken back.
        _ => new UnknownStep(record),
    };

    /// <summary>What is to be done next; null where there is nothing.</summary>
    public static DueStep? Next(TrainingContext context)
    {
        if (context.Step is not null || context.Spec.Suspend == true || !context.IsSettled)
        {
            return null;
        }

        DueStep?[] due = [PublishStep.Due(context), RebaseStep.Due(context), PruneStep.Due(context)];
        return due.OfType<DueStep>().MinBy(step => step.NotBefore);
    }

    public TrainingDecision? Stop(TrainingContext context) => context.IsSettled && context.Spec.Suspend != true && IsWanted(context)
        ? null
        : new TrainingDecision(Standing.Of(context)) { Step = StepStatus.Of(context.Training) with { Running = null }, GoOn = true };

    public abstract V1Job Build(TrainingContext context);

    public string Describe(V1ContainerStateTerminated failure) =>
        StepReport.Parse(failure.Message)?.Message
        ?? $"the container ended with exit code {failure.ExitCode}{JobState.TerminationMessage(failure)}";

    /// <summary>The training stays as ready as it was: a step takes nothing away from what was reached.</summary>
    public virtual TrainingDecision Waiting(TrainingContext context, string? message, StepProblem? problem) =>
        new(Standing.Of(context)) { Step = StepStatus.Of(context.Training) with { Running = Held(message, problem) } };

    public abstract TrainingDecision End(TrainingContext context, JobState.Ended end);

    protected abstract bool IsWanted(TrainingContext context);

    protected TrainingStep Held(string? message, StepProblem? problem) =>
        record with { Message = problem is null ? message : $"{problem.Reason}: {problem.Message}" };

    /// <param name="cause">With the time a function to a name: the same may be due again some day.</param>
    protected static DueStep Plan(TrainingContext context, string task, int run, string cause, DateTimeOffset? notBefore = null)
    {
        var metadata = context.Training.Metadata;
        var hash = Names.Hash(10, metadata.Uid, task, cause, context.Now.ToString("O", null));
        var step = new TrainingStep
        {
            Task = task,
            JobName = $"{metadata.Name}-{hash}",
            Run = run,
            Cause = cause,
            Generation = metadata.Generation,
            Started = context.Now,
        };
        return new DueStep(step, notBefore ?? context.Now);
    }

    private sealed class UnknownStep(TrainingStep record) : FollowUp(record)
    {
        public override V1Job Build(TrainingContext context) => throw new InvalidOperationException("it is stopped first");

        public override TrainingDecision End(TrainingContext context, JobState.Ended end) =>
            throw new InvalidOperationException("it is stopped first");

        protected override bool IsWanted(TrainingContext context) => false;
    }
}

/// <summary>What the status says of steps after a run: what is going on, and how each of them ended last.</summary>
internal sealed record StepStatus(TrainingStep? Running, RebaseStatus? Rebase, RetentionStatus? Retention)
{
    public static StepStatus Of(IrisTraining training) =>
        new(training.Status?.Step, training.Status?.Rebase, training.Status?.Retention);
}
