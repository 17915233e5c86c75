namespace IrisOperator.Operator.Training.Steps;

/// <summary>The step of a run: the only one that may train.</summary>
internal sealed class TrainStep(TrainingContext context, TrainingRun run) : IStep<TrainingDecision>
{
    private static readonly Backoff _retries = new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(6));

    public DateTimeOffset? NotBefore => run.RetryTime;

    public TrainingDecision? Stop()
    {
        if (context.Spec.Suspend == true)
        {
            // Kubernetes 1.20 cannot suspend a Job, so it is deleted, and the run starts again under its number.
            var message = $"run {run.Number} was stopped; it starts again when spec.suspend is false";
            return new TrainingDecision(new ReadyStatus(Readiness.Suspended, Reasons.Suspended, message))
            {
                History = context.History with { Runs = [.. context.History.Runs.SkipLast(1)] },

                // The run that starts again has Jobs of the same names.
                Steps =
                [
                    .. from job in context.Observed.Jobs
                       where run.FailedJobs?.Contains(job.Metadata.Name) == true
                       select new DeleteStep<V1Job>(job.Key(), job.Metadata.Uid),
                ],
            };
        }

        if (run.InputsHash == context.InputsHash)
        {
            return LacksPullSecret()
                ? Waiting("its image cannot be pulled, so its job is made again with other pull secrets", null)
                : WaitsInVain()
                    ? Waiting("it has not begun, so its job is made again as spec.trainer says by now", null)
                    : null;
        }

        // Without it a run whose image cannot be pulled would hold up the spec that corrects it.
        var superseded = run with { State = RunState.Superseded, Reason = Reasons.Superseded, Message = "the spec changed while it ran" };
        return Ended(superseded) with { ContinueImmediately = true };
    }

    public V1Job Build() => TrainingJob.Train(context.Training, run, context.Options);

    public TrainingDecision Waiting(string? message, Problem? problem) => new(problem is null
        ? Standing.Training(context, run, message ?? (run.FailedJobs is null ? null : $"it is tried again after {run.Message}"))
        : ReadyStatus.Blocked(problem, $"run {run.Number}: {problem.Message}{context.History.StillAccepted}"));

    public TrainingDecision End(JobState.Ended end)
    {
        var outcome = TrainerOutcome.Read(end);
        if (end.MayPass && Retry(outcome) is { } retry)
        {
            return new TrainStep(context, retry).Waiting(null, null) with
            {
                History = context.History.With(retry),
                Events = [new EventNote(outcome.Reason, $"run {run.Number} is tried again: {outcome.Message}", "Train", IsWarning: true)],
            };
        }

        return Ended(run with
        {
            State = outcome.State,
            RetryTime = null,
            Reason = outcome.Reason,
            Message = outcome.Message.Length == 0 ? null : outcome.Message,
            DatasetDigest = outcome.Report?.DatasetDigest,
            ModelDigest = outcome.Report?.ModelDigest,
            Metrics = outcome.Report?.Metrics,
            Servable = outcome.Report?.Servable,
        });
    }

    // Secrets decide nothing of what a run learns, and a job keeps those that it was made with: only one that is stuck is made again.
    private bool LacksPullSecret() => context.Job is { Job: { Metadata.DeletionTimestamp: null } job, PodsAtWork: { Count: > 0 } } stuck
        && stuck.Problem is { RequiresUserAction: true } && PullSecrets(Build()).Except(PullSecrets(job)).Any();

    // The same holds for what a pod gets and where it runs. A Job in a queue goes to the end of the queue that is named now.
    private bool WaitsInVain() =>
        context.Job is { State: JobState.Active, AtWork: null } waiting && waiting.Problem is not null
        && waiting.Job!.GetAnnotation(Labels.PodHash) != TrainingInputs.PodHash(context.Spec.Trainer);

    private static IEnumerable<string> PullSecrets(V1Job job) =>
        (job.Spec?.Template?.Spec?.ImagePullSecrets ?? []).Select(secret => secret.Name);

    /// <returns>Null where the run has failed.</returns>
    private TrainingRun? Retry(TrainerOutcome outcome)
    {
        string[] failed = [.. run.FailedJobs ?? [], run.JobName];
        var due = context.Now + _retries.Delay(failed.Length - 1);
        var suspended = (run.SuspendedSeconds ?? 0) + (long)context.Job.SuspendedFor.TotalSeconds;
        var isLate = context.Spec.ActiveDeadlineSeconds is { } deadline
            && due - run.Started >= TimeSpan.FromSeconds(deadline + suspended);
        return failed.Length > (context.Spec.BackoffLimit ?? 2) || isLate ? null : run with
        {
            JobName = TrainingInputs.JobName(context.Training, run.Number, run.InputsHash, failed.Length),
            FailedJobs = failed,
            RetryTime = due,
            SuspendedSeconds = suspended == 0 ? null : suspended,
            Reason = outcome.Reason,
            Message = outcome.Message,
        };
    }

    private TrainingDecision Ended(TrainingRun ended) => TrainingDecision.Record(
        context, context.History.With(ended with { Finished = context.Now }).Trim(context.Spec.HistoryLimit ?? 10));
}

/// <summary>What a run came to.</summary>
/// <param name="Report">Set for Accepted and Rejected.</param>
internal sealed record TrainerOutcome(string State, string Reason, string Message, StepReport? Report = null)
{
    private const int MaxMetrics = 20;

    public static TrainerOutcome Read(JobState.Ended end) => end switch
    {
        { Container.ExitCode: 0, Report: null } => Failure(
            Reasons.NoModelReported,
            "the trainer ended with exit code 0 but left no report in its termination message, so there is no model to trust"),
        { Container.ExitCode: 0, Report: var report } => Validate(report) is { } problem
            ? Failure(Reasons.NoModelReported, $"the trainer ended with exit code 0 but its report names no model: {problem}")
            : new(report.Outcome!, report.Outcome!, report.Message ?? "", report),
        { Container.Reason: KubernetesReasons.OOMKilled } =>
            Failure(Reasons.OOMKilled, "the trainer needed more memory than spec.trainer.resources.limits.memory (1Gi unless set)"),
        { Container: { } ended, Report: { } report } =>
            Failure(report.ReasonOr(Reasons.TrainerFailed), report.Message ?? $"the trainer ended with exit code {ended.ExitCode}"),
        { Container: { } ended } =>
            Failure(ended.ExitCode == ExitCode.BadInput ? Reasons.BadInput : Reasons.TrainerFailed, end.Describe("trainer")),
        { IsDeadlineExceeded: true } =>
            Failure(Reasons.DeadlineExceeded, end.Verdict?.Message ?? "the run took longer than spec.activeDeadlineSeconds"),
        _ => Failure(end.Verdict?.Reason ?? Reasons.JobFailed, end.Explanation),
    };

    /// <returns>Null when the report is that of a finished model, else what is wrong with it.</returns>
    private static string? Validate(StepReport report) => report switch
    {
        { Outcome: not (Outcome.Accepted or Outcome.Rejected) } => $"its outcome is \"{report.Outcome}\"",
        { ModelDigest: var digest } when !Digest.TryParse(digest, out _) => $"its modelDigest is \"{digest}\"",
        { DatasetDigest: { } digest } when !Digest.TryParse(digest, out _) => $"its datasetDigest is \"{digest}\"",
        { Metrics.Count: > MaxMetrics } => "it has more than 20 metrics",
        _ => null,
    };

    private static TrainerOutcome Failure(string reason, string message) => new(RunState.Failed, reason, message);
}
