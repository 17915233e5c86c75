namespace IrisOperator.Operator.Training.Steps;

/// <summary>What is done for the newest accepted run, after it and without training again. Pure and without state.</summary>
internal abstract class FollowUp
{
    // What fails in the same way until somebody acts, such as a wrong password, costs a Job each time; so it is rare in the end.
    private const int QuickTries = 30;
    private static readonly Backoff Quick = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20));
    private static readonly Backoff Slow = new(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5));
    private static readonly FollowUp[] All = [new PublishStep(), new RebaseStep(), new PruneStep(), new PruneModelsStep()];

    public abstract string Task { get; }

    /// <returns>Why it is to be done; null where it need not be.</returns>
    public abstract string? Due(TrainingContext context);

    /// <summary>False stops a step that goes on.</summary>
    /// <param name="cause">Why it was started.</param>
    public virtual bool IsWanted(TrainingContext context, string cause) => Due(context) == cause;

    public abstract V1Job Build(TrainingContext context, string jobName);

    /// <param name="report">What its program said; null where it said nothing.</param>
    public abstract StepOutcome End(TrainingContext context, StepReport? report);

    /// <returns>Null for the task of a newer operator.</returns>
    public static FollowUp? Find(string task) => All.FirstOrDefault(one => one.Task == task);

    /// <summary>What is to be started next, and when; null while something goes on, or nothing is to be done.</summary>
    public static (TrainingStep Step, DateTimeOffset NotBefore)? Next(TrainingContext context)
    {
        if (context.Step is not null || context.Spec.Suspend == true || !context.IsSettled || context.History.Accepted is not { } run)
        {
            return null;
        }

        var next = from task in All
                   let cause = task.Due(context)
                   where cause is not null
                   let step = New(context, task.Task, run.Number, cause)
                   let last = context.History.Step(task.Task)
                   let again = last is not null
                       && (last.Run, last.Cause, last.Generation) == (step.Run, step.Cause, step.Generation) ? last : null
                   where again is not { State: StepState.Skipped or StepState.Succeeded } and not { Retriable: false }
                   select again is { Attempts: { } attempts, Finished: { } finished }
                       ? (step with { Attempts = attempts, Reason = again.Reason, Message = again.Message }, finished + Delay(attempts))
                       : (step, context.Now);
        return next.Cast<(TrainingStep, DateTimeOffset)?>().MinBy(one => one!.Value.Item2);
    }

    // With the time its name is another one: the same may be due again some day.
    private static TrainingStep New(TrainingContext context, string task, int run, string cause)
    {
        var metadata = context.Training.Metadata;
        return new TrainingStep
        {
            Task = task,
            State = StepState.Running,
            JobName = $"{metadata.Name}-{Names.Hash(10, metadata.Uid, task, cause, context.Now.ToString("O", null))}",
            Run = run,
            Cause = cause,
            Generation = metadata.Generation,
            Started = context.Now,
        };
    }

    private static TimeSpan Delay(int attempts) =>
        attempts <= QuickTries ? Quick.Delay(attempts - 1) : Slow.Delay(attempts - QuickTries - 1);
}

/// <summary>What a step came to.</summary>
/// <param name="State">Of <see cref="StepState"/>.</param>
/// <param name="History">With what it changed beside its own record.</param>
/// <param name="Reason">Of its event; of a failure, where the program gave none.</param>
/// <param name="Subject">How its event begins; null where the reason of Ready tells enough.</param>
internal sealed record StepOutcome(string State, TrainingHistory History, string Reason, string? Subject = null);

/// <summary>One execution of a <see cref="FollowUp"/>.</summary>
internal sealed class FollowUpStep(FollowUp task, TrainingStep record) : IStep
{
    public TrainingDecision? Stop(TrainingContext context)
    {
        var isWanted = context.IsSettled && context.Spec.Suspend != true
            && context.History.Accepted?.Number == record.Run && task.IsWanted(context, record.Cause);
        return isWanted ? null : Decide(context, context.History.Without(record.Task)) with { ContinueImmediately = true };
    }

    public V1Job Build(TrainingContext context) => task.Build(context, record.JobName);

    public DateTimeOffset? NotBefore => null;

    /// <summary>The training stays as ready as it was: a step takes nothing away from what was reached.</summary>
    public TrainingDecision Waiting(TrainingContext context, string? message, Problem? problem) => Decide(
        context,
        context.History.With(record with { Waiting = problem is null ? message : $"{problem.Reason}: {problem.Message}" }),
        problem);

    public TrainingDecision End(TrainingContext context, JobState.Ended end)
    {
        var report = StepReport.Parse(end.Container?.Message);
        var outcome = task.End(context, report);
        var failed = outcome.State == StepState.Failed;
        var ended = record with
        {
            State = outcome.State,
            Attempts = failed ? (record.Attempts ?? 0) + 1 : null,
            Retriable = failed ? report?.Retriable : null,
            Reason = failed ? report?.ReasonOr(outcome.Reason) ?? outcome.Reason : null,
            Message = report is null ? end.Explanation : report.Message,
            Waiting = null,
            Finished = context.Now,
        };
        var isNews = outcome.Subject is not null && !(failed && ended.Message == record.Message);
        var text = ended.Message is null ? outcome.Subject! : $"{outcome.Subject}: {ended.Message}";
        return Decide(context, outcome.History.With(ended)) with
        {
            Events = isNews ? [new EventNote(ended.Reason ?? outcome.Reason, text, record.Task, IsWarning: failed)] : [],
        };
    }

    private static TrainingDecision Decide(TrainingContext context, TrainingHistory history, Problem? problem = null) =>
        new(Standing.Of(context, history, problem)) { History = history };
}
