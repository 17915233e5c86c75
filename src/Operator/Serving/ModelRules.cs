using IrisOperator.Operator.Training;

namespace IrisOperator.Operator.Serving;

/// <summary>The rules of the model decider. Each answers null where it does not apply.</summary>
internal static class ModelRules
{
    public static ModelDecision? InvalidName(ModelContext context) =>
        Invalid("InvalidName", Checks.OwnerName(context.Model.Metadata.Name ?? ""));

    public static ModelDecision? InvalidSpec(ModelContext context) => Invalid("InvalidSpec", ModelValidator.Check(context.Model));

    public static ModelDecision? Refused(ModelContext context) => context.Observed.Rejection is { } rejection ? Refused(rejection) : null;

    public static ModelDecision? NameConflict(ModelContext context)
    {
        IKubernetesObject<V1ObjectMeta>?[] children = [context.Observed.Deployment, context.Observed.Service];
        return children.FirstOrDefault(child => child is not null && !child.IsControlledBy(context.Model)) is { } foreign
            ? Conflict(context, foreign)
            : null;
    }

    public static ModelDecision Conflict(ModelContext context, IKubernetesObject<V1ObjectMeta> foreign) =>
        Refused(ApiRejection.NameConflict(foreign, context.Model));

    public static ModelDecision? Suspended(ModelContext context)
    {
        if (context.Spec.Suspend != true)
        {
            return null;
        }

        var live = context.Observed.Deployment;
        var ready = live?.Status?.ReadyReplicas ?? 0;
        var message = $"frozen while spec.suspend is true; {ready} replicas serve on{Kept(context)}";
        var isServing = live is not null && ready >= (live.Spec?.Replicas ?? 1);
        return new ModelDecision(new ReadyStatus(isServing ? Readiness.Ready : Readiness.Suspended, "Suspended", message));
    }

    /// <summary>No run to serve is known, and none is recorded in status.model.</summary>
    public static ModelDecision? AwaitRun(ModelContext context) => context.Runs is { Run: null, Problem: { } problem }
        ? new ModelDecision(ReadyStatus.Awaiting(problem, problem.Message + StillServing(context)))
        : null;

    /// <summary>An apply would bring changes onto an object that is going away; once it is gone it is made anew.</summary>
    public static ModelDecision? AwaitDeletion(ModelContext context)
    {
        IKubernetesObject<V1ObjectMeta>?[] children = [context.Observed.Deployment, context.Observed.Service];
        return children.FirstOrDefault(child => child?.Metadata.DeletionTimestamp is not null) is { } leaving
            ? new ModelDecision(new ReadyStatus(
                Readiness.Reconciling,
                "WaitingForDeletion",
                $"{leaving.Kind} {leaving.Metadata.Name} is being deleted and will be made again{StillServing(context)}"))
            : null;
    }

    public static ModelDecision Serve(ModelContext context)
    {
        var (observed, model) = (context.Observed, context.Model);
        var deployment = ModelDeployment.Build(model, context.Run, context.Choice.Image!, context.Options.PullSecrets);
        var service = ModelService.Build(model);
        var steps = new List<PlanStep>();
        var isCurrent = observed.Deployment is not null && AppliedObject.IsCurrent(observed.Deployment, deployment);
        if (!isCurrent)
        {
            steps.Add(new ApplyStep<V1Deployment>(deployment, Observed: observed.Deployment is not null));
        }

        if (observed.Service is null || !AppliedObject.IsCurrent(observed.Service, service))
        {
            steps.Add(new ApplyStep<V1Service>(service, Observed: observed.Service is not null));
        }

        if (observed.Service is not null && ModelService.WithoutForeignSelector(observed.Service, service) is { } patch)
        {
            steps.Add(new PatchStep<V1Service>(observed.Service, patch));
        }

        var resolved = Resolve(context, context.Choice.Image!);
        var rollout = Rollout.Of(observed, deployment, isCurrent);
        if (context.Trial is null && observed.Canary is { } canary && IsObsolete(canary, model, deployment, rollout))
        {
            steps.Add(new DeleteStep<V1Deployment>(canary.Key(), canary.Metadata.Uid));
        }

        var before = model.Status?.Conditions.Find(ConditionTypes.Ready);
        var ready = rollout.Judge(Describe(context, resolved), before);
        return new ModelDecision(context.Runs.Problem is { } missing ? KeptFromStatus(ready, missing) : ready)
        {
            Steps = steps,
            Resolved = resolved,
            RequeueAfter = PodProblems.NextPoll(rollout.WantedPods),
        };
    }

    // The training or its run is gone: what serves stays Ready, and the reason says what will not be followed any more.
    private static ReadyStatus KeptFromStatus(ReadyStatus ready, Problem missing) => ready with
    {
        Reason = ready.Readiness == Readiness.Ready ? missing.Reason : ready.Reason,
        Message = $"{ready.Message}; kept from status.model: {missing.Message}",
    };

    /// <summary>A trial is over. Where all pods get its version, its own serve until those are there.</summary>
    private static bool IsObsolete(V1Deployment canary, IrisModel model, V1Deployment wanted, Rollout rollout) =>
        canary.Metadata.DeletionTimestamp is null && canary.IsControlledBy(model)
        && (rollout.IsDone || ModelDeployment.Image(canary) != ModelDeployment.Image(wanted));

    public static Resolution Resolve(ModelContext context, ServedImage image)
    {
        if (context.Run is { } run)
        {
            return new(image, run);
        }

        return new(image, image.Lineage?.ModelDigest is { } digest ? new ServedModel { Digest = digest } : null);
    }

    public static string Describe(ModelContext context, Resolution resolved) => context.Run is { } run
        ? $"{run.Training} run {run.Run} ({(run.Accuracy is { } accuracy ? $"accuracy {accuracy}, " : "")}{RunList.ShortDigest(run.Digest)})"
        : resolved.Image.Version is { } version
            ? $"version {version} ({RunList.ShortDigest(resolved.Image.Digest)})"
            : $"the model of image {resolved.Image.Reference}";

    private static ModelDecision Refused(Problem rejection) =>
        new(ReadyStatus.Blocked(rejection)) { RequeueAfter = ApiRejection.Retry };

    /// <summary>What the user has meanwhile.</summary>
    public static string StillServing(ModelContext context) =>
        context.Observed.Deployment?.Status?.ReadyReplicas is > 0 and { } ready ? $"; {ready} replicas serve on{Kept(context)}" : "";

    private static string Kept(ModelContext context) => context.Model.Status?.Model?.Source is { } source ? $" ({source})" : "";

    private static ModelDecision? Invalid(string reason, IReadOnlyCollection<FieldError> errors) =>
        ReadyStatus.Invalid(reason, errors) is { } ready ? new ModelDecision(ready) : null;
}
