namespace IrisOperator.Operator.Serving;

/// <summary>Rules about a version that is tried before all pods get it. Each answers null where it does not apply.</summary>
internal static class CanaryRules
{
    // What the pods answered comes by no event, so it is asked for.
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MinPoll = TimeSpan.FromSeconds(1);

    // Each question without an answer holds a worker for two seconds.
    private static readonly TimeSpan UnansweredPoll = TimeSpan.FromSeconds(15);

    /// <summary>A failed canary is recorded as rejected; the next plan removes its pods.</summary>
    public static ModelDecision? Reject(ModelContext context)
    {
        if (context.Trial is not { Judgement: { Verdict: CanaryVerdict.Reject } judgement } trial)
        {
            return null;
        }

        var rejected = ImageRules.Rejected(context, trial.Image, judgement.Reason, judgement.Message);
        var message = $"{ImageRules.Describe(rejected)}; {Name(context.Choice.Image!)} serves on";
        var ready = new ReadyStatus(Readiness.ReadyAndChanging, "CanaryRejected", message);
        return new ModelDecision(Beside(context, ready)) { Rejects = rejected, ContinueImmediately = true };
    }

    /// <summary>A canary that passed is recorded in status.image; the next plan rolls it out. No crash in between tries it again.</summary>
    public static ModelDecision? Promote(ModelContext context)
    {
        if (context.Trial is not { Judgement: { Verdict: CanaryVerdict.Promote } judgement } trial)
        {
            return null;
        }

        var message = $"{Name(trial.Image)} passed: {judgement.Message}; rolling it out";
        return new ModelDecision(Beside(context, new ReadyStatus(Readiness.ReadyAndChanging, judgement.Reason, message)))
        {
            Resolved = ModelRules.Resolve(context, trial.Image),
            ContinueImmediately = true,
        };
    }

    /// <summary>What served before is kept as it is, and the version is tried beside it.</summary>
    public static ModelDecision? Try(ModelContext context)
    {
        if (context.Trial is not { } trial)
        {
            return null;
        }

        if (context.Observed.Canary is { } foreign && !foreign.IsControlledBy(context.Model))
        {
            return ModelRules.Conflict(context, foreign);
        }

        // Remembered before its pods are made: an operator that died in between would not know them, and take them away.
        var isRemembered = context.Model.Status?.Canary?.Reference == trial.Status.Reference;
        var isLeaving = context.Observed.Canary?.Metadata.DeletionTimestamp is not null;
        var main = ModelRules.Serve(context);
        return main with
        {
            Ready = Describe(context, trial, main.Ready),
            Steps = !isRemembered || isLeaving || trial.Rollout.IsCurrent
                ? main.Steps
                : [.. main.Steps, new ApplyStep<V1Deployment>(trial.Rollout.Wanted, Observed: trial.Rollout.Live is not null)],
            Canary = trial.Status,
            RequeueAfter = NextPoll(context, trial),
            ContinueImmediately = !isRemembered,
        };
    }

    private static TimeSpan NextPoll(ModelContext context, Canary trial)
    {
        var rest = CanaryJudgement.DurationOf(context.Spec.Rollout!.Canary!) - (trial.Facts.Tried ?? TimeSpan.Zero);
        return trial.Problem is not null ? UnansweredPoll : rest <= TimeSpan.Zero || rest > Poll ? Poll : rest > MinPoll ? rest : MinPoll;
    }

    // What is wrong with the pods that serve matters more than a trial.
    private static ReadyStatus Beside(ModelContext context, ReadyStatus trial) =>
        ModelRules.Serve(context).Ready is { Readiness: not Readiness.Ready } main
            ? main with { Message = $"{main.Message}; {trial.Message}" }
            : trial;

    private static ReadyStatus Describe(ModelContext context, Canary trial, ReadyStatus main)
    {
        var readiness = (main.Readiness, trial.Judgement.Verdict) switch
        {
            (Readiness.Ready, CanaryVerdict.Unmeasured) => Readiness.Stalled,
            (Readiness.Ready, _) => Readiness.ReadyAndChanging,
            var (worse, _) => worse,
        };
        var reason = main.Readiness == Readiness.Ready ? trial.Judgement.Reason : main.Reason;
        return new ReadyStatus(readiness, reason, $"{main.Message}; canary: {Progress(context, trial)}");
    }

    // Only what stays the same for a while: each new message is a write.
    private static string Progress(ModelContext context, Canary trial)
    {
        var (status, what) = (trial.Status, ModelRules.Describe(context, ModelRules.Resolve(context, trial.Image)));
        if (status.Since is not { } since)
        {
            return trial.Rollout.Judge(what, before: null).Message;
        }

        var all = ModelDeployment.Replicas(context.Model) + status.Replicas;
        var until = since + CanaryJudgement.DurationOf(context.Spec.Rollout!.Canary!);
        var share = trial.Facts.IsWhole ? $"{status.Replicas} of {all} pods serve {what}" : trial.Rollout.Judge(what, before: null).Message;
        var answers = status.Requests is null ? "" : $", {status.Requests} requests, {status.Errors} errors";
        var unknown = trial.Problem is null
            ? ""
            : $"; a pod cannot be asked at port {ModelDeployment.Port(context.Model)}: {trial.Problem}";
        return string.Create(CultureInfo.InvariantCulture, $"{share} until {until.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}{answers}{unknown}");
    }

    private static string Name(ServedImage image) => image.Version ?? image.Digest!;
}
