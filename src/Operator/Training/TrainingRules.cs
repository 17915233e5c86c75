using IrisOperator.Operator.Training.Desired;

namespace IrisOperator.Operator.Training;

/// <summary>Rules about the resource as a whole. Each answers null where it does not apply.</summary>
internal static class TrainingRules
{
    // Config maps are not watched: there may be thousands, and reading them all is a right that we do not want.
    private static readonly TimeSpan ConfigMapPoll = TimeSpan.FromSeconds(5);

    public static TrainingDecision? InvalidName(TrainingContext context) =>
        Invalid("InvalidName", Checks.OwnerName(context.Training.Metadata.Name ?? ""));

    public static TrainingDecision? InvalidSpec(TrainingContext context) =>
        Invalid("InvalidSpec", TrainingValidator.Check(context.Training));

    public static TrainingDecision? Refused(TrainingContext context) => context.Seen.Refusal is { } refusal
        ? new(Situation.Blocked(refusal.NeedsUser, refusal.Reason, refusal.Message)) { RequeueAfter = Refusal.Retry }
        : null;

    /// <summary>
    /// Kubernetes 1.20 cannot suspend a job, so it is deleted; the run is taken off the record and starts again under its number.
    /// </summary>
    public static TrainingDecision? StopForSuspension(TrainingContext context)
    {
        if (context.Spec.Suspend != true || context.Last is not { State: RunState.Running } run)
        {
            return null;
        }

        var job = context.Seen.Job;
        var message = $"run {run.Number} was stopped; it starts again when spec.suspend is false";
        return new TrainingDecision(new Situation(Phase.Suspended, "Suspended", message))
        {
            Steps = job is null ? [] : [new DeleteStep<V1Job>(job.Key(), job.Metadata.Uid)],
            Runs = [.. context.Seen.Runs.SkipLast(1)],
        };
    }

    public static TrainingDecision? Settled(TrainingContext context)
    {
        if (!IsSettled(context.Seen, context.InputsHash))
        {
            return null;
        }

        var run = context.Last!;
        var situation = run.State switch
        {
            RunState.Accepted when run.Publication is { State: PublicationState.Failed } failed => new Situation(
                Phase.Stalled,
                failed.Reason ?? "PublisherFailed",
                $"{RunList.Describe(run)} was accepted, but not published to {failed.Repository}: {failed.Message}"),
            RunState.Accepted => new Situation(Phase.Ready, "Accepted", $"{RunList.Describe(run)} was accepted, {Whereabouts(run)}"),
            RunState.Rejected => new Situation(
                Phase.Stalled, "Rejected", $"run {run.Number} was rejected: {run.Message}{StillGood(context.Seen)}"),
            _ => new Situation(
                Phase.Stalled, run.Reason ?? "RunFailed", $"run {run.Number} failed: {run.Message}{StillGood(context.Seen)}"),
        };
        return new TrainingDecision(situation) { Steps = [.. RunList.CleanUp(context.Seen)] };
    }

    public static TrainingDecision? Suspended(TrainingContext context) => context.Spec.Suspend == true
        ? new TrainingDecision(new Situation(
            Phase.Suspended, "Suspended", $"no run starts while spec.suspend is true{StillGood(context.Seen)}"))
        : null;

    public static TrainingDecision? AwaitDataset(TrainingContext context)
    {
        var (seen, dataset) = (context.Seen, context.Spec.Dataset);
        return dataset switch
        {
            { ClaimName: { } claim } when seen.DatasetClaim is null => Waiting(
                "DatasetClaimNotFound",
                $"spec.dataset.claimName: there is no PersistentVolumeClaim \"{claim}\" in this namespace",
                context),
            { ConfigMapName: { } map } when seen.DatasetConfigMapExists == false => Waiting(
                "DatasetConfigMapNotFound",
                $"spec.dataset.configMapName: there is no ConfigMap \"{map}\" in this namespace",
                context,
                ConfigMapPoll),
            _ => null,
        };
    }

    public static TrainingDecision? AwaitOutputClaim(TrainingContext context) =>
        context.Spec.Output?.ClaimName is { } claim && context.Seen.OutputClaim is null
            ? Waiting(
                "OutputClaimNotFound",
                $"spec.output.claimName: there is no PersistentVolumeClaim \"{claim}\" in this namespace",
                context)
            : null;

    /// <summary>Records the run; its job is created by the next plan, as it would be after a crash right here.</summary>
    public static TrainingDecision StartRun(TrainingContext context)
    {
        var (seen, training) = (context.Seen, context.Training);
        var number = (context.Last?.Number ?? 0) + 1;
        var jobName = TrainingInputs.JobName(training, number, context.InputsHash);
        var run = new TrainingRun
        {
            Number = number,
            JobName = jobName,
            InputsHash = context.InputsHash,
            Generation = training.Metadata.Generation,
            State = RunState.Running,
            Started = context.Now,
            ClaimName = TrainingInputs.OutputClaimName(training),
            ClaimAccessMode = OutputClaim.AccessMode(training, seen.OutputClaim),
            ModelPath = TrainingJob.ModelPath(training, jobName),
            Image = ExactImage.Of(context.Spec.Trainer?.Image, context.Options.TrainerImage),
            Publication = context.Spec.Publish is { } publish
                ? new Publication { State = PublicationState.Pending, Repository = publish.Repository }
                : null,
        };
        PlanStep[] claim = seen.OutputClaim is null
            ? [new CreateStep<V1PersistentVolumeClaim>(OutputClaim.Build(training), Shared: true)]
            : [];
        return new TrainingDecision(RunRules.Training(run, seen, null))
        {
            Steps = [.. claim, .. RunList.CleanUp(seen)],
            Runs = [.. seen.Runs, run],
            GoOn = true,
        };
    }

    /// <summary>
    /// A run that failed, or was not published, is settled only for the very spec it failed with; any change is worth a new try.
    /// </summary>
    public static bool IsSettled(TrainingSeen seen, string inputsHash) => seen.LastRun is { } run && run.InputsHash == inputsHash && (
        (run.State is RunState.Accepted or RunState.Rejected && run.Publication?.State != PublicationState.Failed)
        || (run.State is RunState.Accepted or RunState.Failed && run.Generation == seen.Training.Metadata.Generation));

    private static string Whereabouts(TrainingRun run) => run.Publication is { Version: { } version } image
        ? $"image {image.Repository}:{version}"
        : $"model at {run.ModelPath} on claim {run.ClaimName}";

    public static string StillGood(TrainingSeen seen) =>
        seen.LastAccepted is { } accepted ? $"; {RunList.Describe(accepted)} stays the accepted one" : "";

    private static TrainingDecision Waiting(string reason, string message, TrainingContext context, TimeSpan? poll = null) =>
        new(new Situation(Phase.Reconciling, reason, message + StillGood(context.Seen))) { RequeueAfter = poll };

    private static TrainingDecision? Invalid(string reason, IReadOnlyCollection<FieldError> errors) =>
        Situation.Invalid(reason, errors) is { } situation ? new TrainingDecision(situation) : null;
}
