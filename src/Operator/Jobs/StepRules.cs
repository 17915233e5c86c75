namespace IrisOperator.Operator.Jobs;

/// <summary>
/// One state machine for all that is done by a Job: record the intent, ensure the Job, read its end, record the outcome. Each rule
/// answers null where it does not apply.
/// </summary>
internal static class StepRules
{
    /// <summary>The server rejected the Job. What was reached before stays as it is.</summary>
    public static T? Refused<T>(IStepContext<T> context)
        where T : Decision => context is { Step: { } step, Rejection: { } rejection }
            ? step.Waiting(null, rejection) with { RequeueAfter = ApiRejection.Retry }
            : null;

    /// <summary>Nobody wants the result any more: the spec changed, or is suspended.</summary>
    public static T? Stop<T>(IStepContext<T> context)
        where T : Decision => context.Step?.Stop() is { } stopped
            ? stopped with { Steps = [.. stopped.Steps, .. Delete(context.Job)] }
            : null;

    /// <summary>After an attempt that failed not before its back-off is over.</summary>
    public static T? CreateJob<T>(IStepContext<T> context)
        where T : Decision => context switch
        {
            not { Step: not null, Job.State: JobState.Missing } => null,
            { Step: { NotBefore: { } due } step } when due > context.Now =>
                step.Waiting(null, null) with { RequeueAfter = due - context.Now },
            { Step: var step } => step.Waiting(null, null) with
            {
                Steps = [.. context.CleanUp, new CreateStep<V1Job>(step.Build())],
            },
        };

    public static T? AwaitJobDeletion<T>(IStepContext<T> context)
        where T : Decision => context is { Step: { } step, Job.State: JobState.Deleting }
            ? step.Waiting("its job is being deleted and will be made again", null)
            : null;

    /// <summary>All steps may be repeated, so losing the report costs time, not truth.</summary>
    public static T? RunAgain<T>(IStepContext<T> context)
        where T : Decision => context is { Step: { } step, Job.State: JobState.ReportLost }
            ? step.Waiting("its pods vanished with the report, so it runs again", null) with { Steps = Delete(context.Job) }
            : null;

    public static T? RecordEnd<T>(IStepContext<T> context)
        where T : Decision => context is { Step: { } step, Job.State: JobState.Ended end }
            ? step.End(end) with { ContinueImmediately = true }
            : null;

    public static T? AwaitJob<T>(IStepContext<T> context)
        where T : Decision => context is { Step: { } step, Job: { State: JobState.Active } job }
            ? step.Waiting(null, job.Problem) with { RequeueAfter = job.NextPoll }
            : null;

    private static PlanStep[] Delete(ObservedJob observed) =>
        observed.Job is { } job ? [new DeleteStep<V1Job>(job.Key(), job.Metadata.Uid)] : [];
}

/// <summary>What the rules look at.</summary>
/// <typeparam name="T">What a rule of the kind says.</typeparam>
internal interface IStepContext<T>
    where T : Decision
{
    /// <summary>What goes on; null while nothing does.</summary>
    public IStep<T>? Step { get; }

    /// <summary>The Job of the step.</summary>
    public ObservedJob Job { get; }

    /// <summary>What the server had against the plan that was made first.</summary>
    public Problem? Rejection { get; }

    /// <summary>Removes Jobs that serve no purpose.</summary>
    public IEnumerable<PlanStep> CleanUp { get; }

    public DateTimeOffset Now { get; }
}

/// <summary>Something that a Job does for a resource. Pure.</summary>
internal interface IStep<T>
    where T : Decision
{
    /// <returns>Null while the result is wanted, else what to record when the Job is deleted.</returns>
    public T? Stop();

    public V1Job Build();

    /// <summary>When the Job may start; null for at once.</summary>
    public DateTimeOffset? NotBefore { get; }

    /// <summary>How things stand while the Job goes on.</summary>
    /// <param name="message">What goes on; null for nothing beside the step itself.</param>
    /// <param name="problem">What holds it up.</param>
    public T Waiting(string? message, Problem? problem);

    /// <summary>Records how it ended.</summary>
    public T End(JobState.Ended end);
}
