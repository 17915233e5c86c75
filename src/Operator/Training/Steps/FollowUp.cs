namespace IrisOperator.Operator.Training.Steps;

/// <summary>What is done for the newest accepted run, after it and without training again. Pure and without state.</summary>
/// <param name="task">Of <see cref="StepTask"/>.</param>
internal abstract class FollowUp(string task)
{
    // What fails in the same way until somebody acts, such as a wrong password, costs a Job each time; so it is rare after an hour.
    private const int QuickTries = 150;
    private const int FirstRetrySeconds = 15;
    private static readonly Backoff _quick = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20));
    private static readonly Backoff _slow = new(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5));
    private static readonly FollowUp[] _all = [new PublishStep(), new RebaseStep(), new PruneStep(), new PruneModelsStep()];

    /// <returns>Why it is to be done; null where it need not be.</returns>
    public abstract string? Due(TrainingContext context);

    /// <summary>False stops a step that goes on.</summary>
    /// <param name="cause">Why it was started.</param>
    public virtual bool IsWanted(TrainingContext context, string cause) => Due(context) == cause;

    /// <summary>Age at which a Job that somebody suspended is made anew, because what it was told may be true no more.</summary>
    public virtual TimeSpan? MaxSuspendedAge => null;

    public abstract V1Job Build(TrainingContext context, string jobName);

    /// <param name="report">What its program said; null where it said nothing.</param>
    public abstract StepOutcome End(TrainingContext context, StepReport? report);

    /// <returns>Null for the task of a newer operator.</returns>
    public static FollowUp? Find(string task) => _all.FirstOrDefault(one => one.Task == task);

    /// <summary>Records the intent; the Job is created by the next plan, as it would be after a crash right here.</summary>
    public static TrainingDecision? Start(TrainingContext context) =>
        Next(context) is var (step, notBefore) && notBefore <= context.Now
            ? TrainingDecision.Record(context, context.History.With(step)) with { ContinueImmediately = true }
            : null;

    /// <summary>What is to be started next, and when; null while something goes on, or nothing is to be done.</summary>
    public static (TrainingStep Step, DateTimeOffset NotBefore)? Next(TrainingContext context) =>
        context is { Step: null, FollowedRun: { } run } ? _all.Select(one => one.Next(context, run)).MinBy(next => next?.NotBefore) : null;

    // The first attempt ends soon, so that the status tells why. The next ones wait for the registry in their pod for the publisher's
    // default of ten minutes, which costs less than a pod each time.
    protected int? RetrySeconds(TrainingContext context) => context.History.Step(task)?.Attempts is null ? FirstRetrySeconds : null;

    private string Task => task;

    /// <summary>For what is done once for each cause, whatever becomes of the spec: null where it has been done.</summary>
    protected string? UnlessDone(TrainingContext context, string? cause) =>
        context.History.Step(task) is { State: StepState.Succeeded } last && last.Cause == cause ? null : cause;

    private (TrainingStep Step, DateTimeOffset NotBefore)? Next(TrainingContext context, TrainingRun run)
    {
        if (Due(context) is not { } cause)
        {
            return null;
        }

        var metadata = context.Training.Metadata;
        var step = new TrainingStep
        {
            Task = task,
            State = StepState.Running,

            // With the time its name is another one: the same may be due again some day.
            JobName = $"{metadata.Name}-{Names.Hash(10, metadata.Uid, task, cause, context.Now.ToString("O", null))}",
            Run = run.Number,
            Cause = cause,
            Generation = metadata.Generation,
            Started = context.Now,
        };
        return context.History.Step(task) switch
        {
            null => (step, context.Now),
            var last when (last.Run, last.Cause, last.Generation) != (step.Run, step.Cause, step.Generation) => (step, context.Now),
            { State: StepState.Skipped or StepState.Succeeded } or { Retriable: false } => null,
            { Attempts: { } attempts, Finished: { } finished } last =>
                (
                    step with { Attempts = attempts, Reason = last.Reason, Message = last.Message, Transient = last.Transient },
                    finished + Delay(attempts)),
            _ => (step, context.Now),
        };
    }

    private static TimeSpan Delay(int attempts) =>
        attempts <= QuickTries ? _quick.Delay(attempts - 1) : _slow.Delay(attempts - QuickTries - 1);
}

/// <summary>What a step came to.</summary>
/// <param name="State">Of <see cref="StepState"/>.</param>
/// <param name="History">With what it changed beside its own record.</param>
/// <param name="Reason">Of its event; of a failure, where the program gave none.</param>
/// <param name="Subject">How its event begins; null where the reason of Ready tells enough.</param>
internal sealed record StepOutcome(string State, TrainingHistory History, string Reason, string? Subject = null);

/// <summary>One execution of a <see cref="FollowUp"/>.</summary>
internal sealed class FollowUpStep(TrainingContext context, FollowUp task, TrainingStep record) : IStep<TrainingDecision>
{
    public DateTimeOffset? NotBefore => null;

    public TrainingDecision? Stop()
    {
        // A change of the spec may correct what failed before, and the pod of the old spec retries for ten minutes.
        var isCurrent = record.Attempts is null || record.Generation == context.Training.Metadata.Generation;
        var isOutdated = context.Job is { IsSuspended: true, Job: { } job }
            && context.Now - job.Metadata.CreationTimestamp >= task.MaxSuspendedAge;
        return isCurrent && !isOutdated && context.FollowedRun?.Number == record.Run && task.IsWanted(context, record.Cause)
            ? null
            : TrainingDecision.Record(context, context.History.Without(record.Task)) with { ContinueImmediately = true };
    }

    public V1Job Build() => task.Build(context, record.JobName);

    /// <summary>The training stays as ready as it was: a step takes nothing away from what was reached.</summary>
    public TrainingDecision Waiting(string? message, Problem? problem) => TrainingDecision.Record(
        context,
        context.History.With(record with { Waiting = problem is null ? message : $"{problem.Reason}: {problem.Message}" }),
        problem);

    public TrainingDecision End(JobState.Ended end)
    {
        var report = end.Report;
        var outcome = task.End(context, report);
        var failed = outcome.State == StepState.Failed;
        var ended = record with
        {
            State = outcome.State,
            Attempts = failed ? (record.Attempts ?? 0) + 1 : null,
            Retriable = failed ? report?.Retriable : null,
            Transient = failed ? report?.Transient : null,
            Reason = failed ? report.ReasonOr(outcome.Reason) : null,
            Message = report is null ? end.Explanation : report.Message,
            Waiting = null,
            Finished = context.Now,
        };
        var isNews = outcome.Subject is not null && !(failed && ended.Message == record.Message);
        var text = ended.Message is null ? outcome.Subject! : $"{outcome.Subject}: {ended.Message}";
        return TrainingDecision.Record(context, outcome.History.With(ended)) with
        {
            Events = isNews ? [new EventNote(ended.Reason ?? outcome.Reason, text, record.Task, IsWarning: failed)] : [],
        };
    }
}
