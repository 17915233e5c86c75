using IrisOperator.Operator.Training.Steps;

namespace IrisOperator.Operator.Training;

/// <summary>Rules about the resource as a whole. Each answers null where it does not apply.</summary>
internal static class TrainingRules
{
    // Config maps are not watched: there may be thousands, and reading them all is a right that we do not want.
    private static readonly TimeSpan _configMapPoll = TimeSpan.FromSeconds(5);

    // A claim that was just made may not be in the cache yet.
    private static readonly TimeSpan _cacheLag = TimeSpan.FromSeconds(10);

    public static TrainingDecision? InvalidName(TrainingContext context) =>
        Invalid(Reasons.InvalidName, Checks.OwnerName(context.Training.Metadata.Name ?? ""));

    public static TrainingDecision? InvalidSpec(TrainingContext context) =>
        Invalid(Reasons.InvalidSpec, TrainingValidator.Check(context.Training, context.Options));

    public static TrainingDecision? Refused(TrainingContext context) => context.Observed.Rejection is { } rejection
        ? new(ReadyStatus.Blocked(rejection)) { RequeueAfter = ApiRejection.Retry }
        : null;

    public static TrainingDecision? Settled(TrainingContext context) => context.IsSettled
        ? new TrainingDecision(Standing.Of(context))
        {
            Steps = [.. context.CleanUp],
            RequeueAfter = new[] { FollowUp.Next(context)?.NotBefore - context.Now, JobCleanUp.Next(context) }.Min(),
        }
        : null;

    public static TrainingDecision? Suspended(TrainingContext context) => context.Spec.Suspend == true
        ? new(new ReadyStatus(
            Readiness.Suspended, Reasons.Suspended, $"no run starts while spec.suspend is true{context.History.StillAccepted}"))
        : null;

    public static TrainingDecision? AwaitDataset(TrainingContext context) => (context.Spec.Dataset, context.Observed) switch
    {
        ({ ClaimName: { } claim }, { DatasetClaim: null }) =>
            Missing(context, Reasons.DatasetClaimNotFound, "spec.dataset.claimName", V1PersistentVolumeClaim.KubeKind, claim),
        ({ ConfigMapName: { } map }, { DatasetConfigMapExists: false }) =>
            Missing(context, Reasons.DatasetConfigMapNotFound, "spec.dataset.configMapName", V1ConfigMap.KubeKind, map) with
            {
                RequeueAfter = _configMapPoll,
            },
        _ => null,
    };

    /// <summary>The claim of a run that goes on was deleted: its pods wait for another one.</summary>
    public static TrainingDecision? MakeClaimAgain(TrainingContext context) =>
        context.History.Last is { State: RunState.Running, ClaimName: { } name } run
        && context.Observed.OutputClaim is null && context.Spec.Output?.ClaimName is null
        && name == TrainingInputs.OutputClaimName(context.Training) && context.Now - run.Started > _cacheLag
            ? new TrainingDecision(Standing.Training(context, run, $"PersistentVolumeClaim \"{name}\" was deleted and is made again"))
            {
                Steps = CreateClaim(context.Training),
                RequeueAfter = _cacheLag,
            }
            : null;

    /// <summary>A pod that names a claim that is being deleted is never started.</summary>
    public static TrainingDecision? AwaitClaimDeletion(TrainingContext context) => context.Observed.TerminatingClaim is { } claim
        ? Waiting(
            context,
            Reasons.ClaimTerminating,
            $"PersistentVolumeClaim \"{claim.Metadata.Name}\" is being deleted and stays until no pod uses it: scale down or delete the "
            + "models and pods that do; a claim that the operator made is then made again, any other must be") with
        {
            Steps = [.. context.CleanUp],
        }
        : null;

    public static TrainingDecision? AwaitOutputClaim(TrainingContext context) =>
        context.Spec.Output?.ClaimName is { } claim && context.Observed.OutputClaim is null
            ? Missing(context, Reasons.OutputClaimNotFound, "spec.output.claimName", V1PersistentVolumeClaim.KubeKind, claim)
            : null;

    /// <summary>Records the run; its job is created by the next plan, as it would be after a crash right here.</summary>
    public static TrainingDecision StartRun(TrainingContext context)
    {
        var (observed, training) = (context.Observed, context.Training);
        var number = (context.History.Last?.Number ?? 0) + 1;
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
            ClaimAccessMode = OutputClaim.AccessMode(training, observed.OutputClaim),
            // No two runs share a folder.
            ModelPath = $"{training.Metadata.Name}/{jobName}",
            Image = ExactImage.Of(context.Spec.Trainer?.Image, context.Options.TrainerImage),
        };
        return new TrainingDecision(Standing.Training(context, run, null))
        {
            Steps = [.. observed.OutputClaim is null ? CreateClaim(training) : [], .. context.CleanUp],
            History = context.History.With(run),
            ContinueImmediately = true,
        };
    }

    private static PlanStep[] CreateClaim(IrisTraining training) =>
        [new CreateStep<V1PersistentVolumeClaim>(OutputClaim.Build(training), Shared: true)];

    private static TrainingDecision Missing(TrainingContext context, string reason, string field, string kind, string name) =>
        Waiting(context, reason, $"{field}: there is no {kind} \"{name}\" in this namespace");

    private static TrainingDecision Waiting(TrainingContext context, string reason, string message) =>
        new(new ReadyStatus(Readiness.Waiting, reason, message + context.History.StillAccepted));

    private static TrainingDecision? Invalid(string reason, IReadOnlyCollection<FieldError> errors) =>
        ReadyStatus.Invalid(reason, errors) is { } ready ? new(ready) : null;
}
