namespace IrisOperator.Operator.Serving;

/// <summary>Rules about a version that runs on a few pods before all pods get it. Each answers null where it does not apply.</summary>
internal static class CanaryRules
{
    // What the pods answered comes by no event, so it is asked for.
    private static readonly TimeSpan _poll = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _minPoll = TimeSpan.FromSeconds(1);

    // Each question without an answer holds a worker for two seconds.
    private static readonly TimeSpan _unansweredPoll = TimeSpan.FromSeconds(15);

    /// <summary>The canary failed: the version is recorded as rejected, by which the next plan deletes the canary's pods.</summary>
    public static ModelDecision? Reject(ModelContext context)
    {
        if (context.Canary is not { Judgement: { Verdict: CanaryVerdict.Reject } judgement } canary)
        {
            return null;
        }

        var rejected = Rejection.Record(context, canary.Image, judgement.Reason, judgement.Message);
        var message = $"{Rejection.Describe(rejected)}; {Name(context.Choice.Image!)} serves on";
        return new ModelDecision(Combine(context, new ReadyStatus(Readiness.ReadyAndChanging, Reasons.CanaryRejected, message)))
        {
            Rejects = rejected,
            ContinueImmediately = true,
        };
    }

    /// <summary>
    /// The canary passed: status.image names the version, by which the next plan rolls it out. A crash in between starts no second canary.
    /// </summary>
    public static ModelDecision? Promote(ModelContext context)
    {
        if (context.Canary is not { Judgement: { Verdict: CanaryVerdict.Promote } judgement } canary)
        {
            return null;
        }

        var message = $"{Name(canary.Image)} passed: {judgement.Message}; rolling it out";
        return new ModelDecision(Combine(context, new ReadyStatus(Readiness.ReadyAndChanging, judgement.Reason, message)))
        {
            Resolved = ServingState.Resolve(context, canary.Image),
            ContinueImmediately = true,
        };
    }

    public static ModelDecision? NameConflict(ModelContext context) =>
        context.Canary is not null && context.Observed.Canary is { } foreign && !foreign.IsControlledBy(context.Model)
            ? ModelDecision.Refused(ApiRejection.NameConflict(foreign, context.Model))
            : null;

    /// <summary>What served before is kept as it is, and the canary runs beside it.</summary>
    public static ModelDecision? Try(ModelContext context)
    {
        if (context.Canary is not { } canary)
        {
            return null;
        }

        // Recorded before its pods are made: an operator that restarts in between would not know them, and delete them.
        var isRecorded = context.Model.Status?.Canary?.Reference == canary.Status.Reference;
        var isLeaving = context.Observed.Canary?.Metadata.DeletionTimestamp is not null;
        var main = context.Serving.ToDecision();
        return main with
        {
            Ready = Describe(context, canary, main.Ready),
            Steps = !isRecorded || isLeaving || canary.Rollout.IsCurrent
                ? main.Steps
                : [.. main.Steps, new ApplyStep<V1Deployment>(canary.Rollout.Wanted, Observed: canary.Rollout.Live is not null)],
            Canary = canary.Status,
            RequeueAfter = NextPoll(context, canary),
            ContinueImmediately = !isRecorded,
        };
    }

    private static TimeSpan NextPoll(ModelContext context, Canary canary)
    {
        var rest = CanaryJudgement.DurationOf(context.Spec.Rollout!.Canary!) - (canary.Facts.Elapsed ?? TimeSpan.Zero);
        return canary.Problem is not null ? _unansweredPoll
            : rest <= TimeSpan.Zero || rest > _poll ? _poll
            : rest > _minPoll ? rest : _minPoll;
    }

    // What is wrong with the pods that serve matters more than the canary.
    private static ReadyStatus Combine(ModelContext context, ReadyStatus canary) =>
        context.Serving.Ready is { Readiness: not Readiness.Ready } main
            ? main with { Message = $"{main.Message}; {canary.Message}" }
            : canary;

    private static ReadyStatus Describe(ModelContext context, Canary canary, ReadyStatus main)
    {
        var readiness = (main.Readiness, canary.Judgement.Verdict) switch
        {
            (Readiness.Ready, CanaryVerdict.Unmeasured) => Readiness.Stalled,
            (Readiness.Ready, _) => Readiness.ReadyAndChanging,
            var (worse, _) => worse,
        };
        var reason = main.Readiness == Readiness.Ready ? canary.Judgement.Reason : main.Reason;
        return new ReadyStatus(readiness, reason, $"{main.Message}; canary: {Progress(context, canary)}");
    }

    // Only what stays the same for a while: each new message is a write.
    private static string Progress(ModelContext context, Canary canary)
    {
        var (status, what) = (canary.Status, ServingState.Describe(ServingState.Resolve(context, canary.Image)));
        if (status.Since is not { } since)
        {
            return canary.Rollout.Judge(what).Message;
        }

        var all = ModelDeployment.Replicas(context.Model) + status.Replicas;
        var until = since + CanaryJudgement.DurationOf(context.Spec.Rollout!.Canary!);
        var share = canary.Facts.IsWhole ? $"{status.Replicas} of {all} pods serve {what}" : canary.Rollout.Judge(what).Message;
        var answers = status.Requests is null ? "" : $", {status.Requests} requests, {status.Errors} errors";
        var unknown = canary.Problem is null
            ? ""
            : $"; a pod cannot be asked at port {ModelDeployment.Port(context.Model)}: {canary.Problem}";
        return string.Create(CultureInfo.InvariantCulture, $"{share} until {until.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}{answers}{unknown}");
    }

    private static string Name(ServedImage image) => image.Version ?? image.Digest!;
}
