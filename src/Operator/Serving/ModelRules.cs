namespace IrisOperator.Operator.Serving;

/// <summary>The rules of the model decider. Each answers null where it does not apply.</summary>
internal static class ModelRules
{
    public static ModelDecision? InvalidName(ModelContext context) =>
        Invalid(Reasons.InvalidName, Checks.OwnerName(context.Model.Metadata.Name ?? ""));

    public static ModelDecision? InvalidSpec(ModelContext context) => Invalid(Reasons.InvalidSpec, ModelValidator.Check(context.Model));

    public static ModelDecision? Refused(ModelContext context) =>
        context.Observed.Rejection is { } rejection ? ModelDecision.Refused(rejection) : null;

    public static ModelDecision? NameConflict(ModelContext context)
    {
        IKubernetesObject<V1ObjectMeta>?[] children = [context.Observed.Deployment, context.Observed.Service];
        return children.FirstOrDefault(child => child is not null && !child.IsControlledBy(context.Model)) is { } foreign
            ? ModelDecision.Refused(ApiRejection.NameConflict(foreign, context.Model))
            : null;
    }

    public static ModelDecision? Suspended(ModelContext context)
    {
        if (context.Spec.Suspend != true)
        {
            return null;
        }

        var live = context.Observed.Deployment;
        var ready = live?.Status?.ReadyReplicas ?? 0;
        var message = $"frozen while spec.suspend is true; {ready} replicas serve on{ServingState.SourceSuffix(context)}";
        var isServing = live is not null && ready >= (live.Spec?.Replicas ?? 1);
        return new ModelDecision(new ReadyStatus(isServing ? Readiness.Ready : Readiness.Suspended, Reasons.Suspended, message));
    }

    /// <summary>No run to serve is known, and none is recorded in status.model.</summary>
    public static ModelDecision? AwaitRun(ModelContext context) => context.Runs is { Run: null, Problem: { } problem }
        ? new ModelDecision(ReadyStatus.Awaiting(problem, problem.Message + ServingState.StillServingSuffix(context)))
        : null;

    /// <summary>A child that is being deleted is created again once it is gone: an apply would change the object that goes.</summary>
    public static ModelDecision? AwaitDeletion(ModelContext context)
    {
        IKubernetesObject<V1ObjectMeta>?[] children = [context.Observed.Deployment, context.Observed.Service];
        if (children.FirstOrDefault(child => child?.Metadata.DeletionTimestamp is not null) is not { } leaving)
        {
            return null;
        }

        var message = $"{leaving.Kind} {leaving.Metadata.Name} is being deleted and will be made again";
        return new ModelDecision(
            new ReadyStatus(Readiness.Reconciling, Reasons.WaitingForDeletion, message + ServingState.StillServingSuffix(context)));
    }

    public static ModelDecision Serve(ModelContext context)
    {
        var decision = context.Serving.ToDecision();
        return context.Canary is null && context.Observed.Canary is { } canary && IsCanaryOver(context, canary)
            ? decision with { Steps = [.. decision.Steps, new DeleteStep<V1Deployment>(canary.Key(), canary.Metadata.Uid)] }
            : decision;
    }

    // Where all pods get the version of the canary, its own pods serve until those are ready.
    private static bool IsCanaryOver(ModelContext context, V1Deployment canary) =>
        canary.Metadata.DeletionTimestamp is null && canary.IsControlledBy(context.Model)
        && (context.Serving.Rollout is { IsRolledOut: true }
            || ModelDeployment.Image(canary) != ModelDeployment.Image(context.Serving.Rollout.Wanted));

    private static ModelDecision? Invalid(string reason, IReadOnlyCollection<FieldError> errors) =>
        ReadyStatus.Invalid(reason, errors) is { } ready ? new ModelDecision(ready) { IsInvalid = true } : null;
}
