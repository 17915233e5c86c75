namespace IrisOperator.Operator.Training.Steps;

/// <summary>
/// One state machine for all that is done by a Job: record the intent, ensure the Job, read its end, record the outcome. Each rule
/// answers null where it does not apply.
/// </summary>
internal static class StepRules
{
    /// <summary>The server rejected the Job. What was reached before stays as it is.</summary>
    public static TrainingDecision? Refused(TrainingContext context) =>
        context.Step is { } step && context.Observed.Rejection is { } rejection
            ? step.Waiting(context, null, rejection) with
            {
                RequeueAfter = ApiRejection.Retry,
            }
            : null;

    /// <summary>Nobody wants the result any more: the spec changed, or is suspended.</summary>
    public static TrainingDecision? Stop(TrainingContext context) => context.Step?.Stop(context) is { } stopped
        ? stopped with { Steps = [.. stopped.Steps, .. Delete(context.Observed.StepJob)] }
        : null;

    /// <summary>After an attempt that failed not before its back-off is over.</summary>
    public static TrainingDecision? CreateJob(TrainingContext context) => context is { Step: { } step, Job: JobState.Missing }
        ? step.NotBefore > context.Now
            ? step.Waiting(context, null, null) with { RequeueAfter = step.NotBefore - context.Now }
            : step.Waiting(context, null, null) with
            {
                Steps = [.. RunList.CleanUp(context), new CreateStep<V1Job>(step.Build(context))],
            }
        : null;

    public static TrainingDecision? AwaitJobDeletion(TrainingContext context) => context is { Step: { } step, Job: JobState.Deleting }
        ? step.Waiting(context, "its job is being deleted and will be made again", null)
        : null;

    /// <summary>All steps may be repeated, so losing the report costs time, not truth.</summary>
    public static TrainingDecision? RunAgain(TrainingContext context) => context is { Step: { } step, Job: JobState.ReportLost }
        ? step.Waiting(context, "its pods vanished with the report, so it runs again", null) with
        {
            Steps = Delete(context.Observed.StepJob),
        }
        : null;

    public static TrainingDecision? RecordEnd(TrainingContext context) => context is { Step: { } step, Job: JobState.Ended end }
        ? step.End(context, end) with { ContinueImmediately = true }
        : null;

    public static TrainingDecision? AwaitJob(TrainingContext context)
    {
        if (context is not { Step: { } step, Job: JobState.Active })
        {
            return null;
        }

        var pods = context.Observed.PodsAtWork();
        var problem = pods.Count == 0
            ? PodProblems.OfCreation(context.Observed.StepJob!, context.Observed.Events)
            : PodProblems.Find(pods, context.Observed.Events);
        return step.Waiting(context, null, problem) with
        {
            // Pods that the server refuses show in events of the Job alone.
            RequeueAfter = pods.Count == 0 ? PodProblems.StartPoll : PodProblems.NextPoll(pods),
        };
    }

    /// <summary>Records the intent; the Job is created by the next plan, as it would be after a crash right here.</summary>
    public static TrainingDecision? Start(TrainingContext context)
    {
        if (FollowUp.Next(context) is not { Step: { } step, NotBefore: var due } || due > context.Now)
        {
            return null;
        }

        var history = context.History.With(step);
        return new TrainingDecision(Standing.Of(context, history)) { History = history, ContinueImmediately = true };
    }

    private static PlanStep[] Delete(V1Job? job) => job is null ? [] : [new DeleteStep<V1Job>(job.Key(), job.Metadata.Uid)];
}

/// <summary>Something that a Job does for a training. Pure.</summary>
internal interface IStep
{
    /// <returns>Null while the result is wanted, else what to record when the Job is deleted.</returns>
    public TrainingDecision? Stop(TrainingContext context);

    public V1Job Build(TrainingContext context);

    /// <summary>When the Job may start; null for at once.</summary>
    public DateTimeOffset? NotBefore { get; }

    /// <summary>How things stand while the Job goes on.</summary>
    /// <param name="message">What goes on; null for nothing beside the step itself.</param>
    /// <param name="problem">What holds it up.</param>
    public TrainingDecision Waiting(TrainingContext context, string? message, Problem? problem);

    /// <summary>Records how it ended.</summary>
    public TrainingDecision End(TrainingContext context, JobState.Ended end);
}
