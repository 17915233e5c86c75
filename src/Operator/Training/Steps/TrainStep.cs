namespace IrisOperator.Operator.Training.Steps;

/// <summary>The step of a run: the only one that may train.</summary>
internal sealed class TrainStep(TrainingRun run) : IStep
{
    private static readonly Backoff Retries = new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(6));

    public DateTimeOffset? NotBefore => run.RetryTime;

    public TrainingDecision? Stop(TrainingContext context)
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
            return LacksPullSecret(context)
                ? Waiting(context, "its image cannot be pulled, so its job is made again with other pull secrets", null)
                : null;
        }

        // Without it a run whose image cannot be pulled would hold up the spec that corrects it.
        var superseded = run with { State = RunState.Superseded, Reason = Reasons.Superseded, Message = "the spec changed while it ran" };
        return Ended(context, superseded) with { ContinueImmediately = true };
    }

    public V1Job Build(TrainingContext context) => TrainingJob.Build(context.Training, run, context.Options);

    public TrainingDecision Waiting(TrainingContext context, string? message, Problem? problem) => new(problem is null
        ? Standing.Training(run, context.History, message ?? (run.FailedJobs is null ? null : $"it is tried again after {run.Message}"))
        : ReadyStatus.Blocked(
            problem, $"run {run.Number}: {problem.Message}{Standing.StillAccepted(context.History)}"));

    public TrainingDecision End(TrainingContext context, JobState.Ended end)
    {
        var outcome = TrainerOutcome.Read(end);
        if (end.MayPass && Retry(context, outcome) is { } retry)
        {
            return new TrainStep(retry).Waiting(context, null, null) with
            {
                History = context.History.With(retry),
                Events = [new EventNote(outcome.Reason, $"run {run.Number} is tried again: {outcome.Message}", "Train", IsWarning: true)],
            };
        }

        return Ended(context, run with
        {
            State = outcome.State,
            RetryTime = null,
            Reason = outcome.Reason,
            Message = outcome.Message.Length == 0 ? null : outcome.Message,
            DatasetDigest = outcome.Report?.DatasetDigest,
            ModelDigest = outcome.Report?.ModelDigest,
            Metrics = outcome.Report?.Metrics,
        });
    }

    // Secrets decide nothing of what a run learns, and a job keeps those that it was made with: only one that is stuck is made again.
    private bool LacksPullSecret(TrainingContext context)
    {
        if (context.Observed.StepJob is not { Metadata.DeletionTimestamp: null } job
            || PodProblems.Find(context.Observed.PodsAtWork(), context.Observed.Events) is not { RequiresUserAction: true })
        {
            return false;
        }

        var made = (job.Spec?.Template?.Spec?.ImagePullSecrets ?? []).Select(secret => secret.Name);
        return (Build(context).Spec.Template.Spec.ImagePullSecrets ?? []).Select(secret => secret.Name).Except(made).Any();
    }

    /// <returns>Null where the run has failed.</returns>
    private TrainingRun? Retry(TrainingContext context, TrainerOutcome outcome)
    {
        string[] failed = [.. run.FailedJobs ?? [], run.JobName];
        var due = context.Now + Retries.Delay(failed.Length - 1);
        var isLate = context.Spec.ActiveDeadlineSeconds is { } deadline && due - run.Started >= TimeSpan.FromSeconds(deadline);
        return failed.Length > (context.Spec.BackoffLimit ?? 2) || isLate ? null : run with
        {
            JobName = TrainingInputs.JobName(context.Training, run.Number, run.InputsHash, failed.Length),
            FailedJobs = failed,
            RetryTime = due,
            Reason = outcome.Reason,
            Message = outcome.Message,
        };
    }

    private static TrainingDecision Ended(TrainingContext context, TrainingRun run)
    {
        var history = context.History.With(run with { Finished = context.Now }).Trim(context.Spec.HistoryLimit ?? 10);
        return new TrainingDecision(Standing.Of(context, history)) { History = history };
    }
}

/// <summary>What a run came to.</summary>
/// <param name="Report">Set for Accepted and Rejected.</param>
internal sealed record TrainerOutcome(string State, string Reason, string Message, StepReport? Report = null)
{
    public static TrainerOutcome Read(JobState.Ended end) => end switch
    {
        { Container: { ExitCode: 0 } success } => Success(success),
        { Container: { } ended } => Crash(ended),
        { IsDeadlineExceeded: true } =>
            Failure(Reasons.DeadlineExceeded, end.Verdict?.Message ?? "the run took longer than spec.activeDeadlineSeconds"),
        _ => Failure(end.Verdict?.Reason ?? Reasons.JobFailed, end.Explanation),
    };

    private static TrainerOutcome Crash(V1ContainerStateTerminated ended) => (ended.Reason, StepReport.Parse(ended.Message)) switch
    {
        ("OOMKilled", _) =>
            Failure(Reasons.OOMKilled, "the trainer needed more memory than spec.trainer.resources.limits.memory (1Gi unless set)"),
        (_, { } report) =>
            Failure(report.ReasonOr(Reasons.TrainerFailed), report.Message ?? $"the trainer ended with exit code {ended.ExitCode}"),
        _ => Failure(
            ended.ExitCode == ExitCode.BadInput ? Reasons.BadInput : Reasons.TrainerFailed,
            $"the trainer ended with exit code {ended.ExitCode}{JobState.TerminationMessage(ended)}"),
    };

    private static TrainerOutcome Success(V1ContainerStateTerminated ended) => StepReport.Parse(ended.Message) switch
    {
        null => Failure(
            Reasons.NoModelReported,
            "the trainer ended with exit code 0 but left no report in its termination message, so there is no model to trust"),
        var report when report.Validate() is { } problem =>
            Failure(Reasons.NoModelReported, $"the trainer ended with exit code 0 but its report names no model: {problem}"),
        var report => new(report.Outcome!, report.Outcome!, report.Message ?? "", report),
    };

    private static TrainerOutcome Failure(string reason, string message) => new(RunState.Failed, reason, message);
}
