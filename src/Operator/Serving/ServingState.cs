namespace IrisOperator.Operator.Serving;

/// <summary>How Deployment and Service stand beside what is wanted. Rules ask here, so that no rule asks another.</summary>
/// <param name="Steps">The writes that bring both to what is wanted.</param>
internal sealed record ServingState(Resolution Resolved, Rollout Rollout, ReadyStatus Ready, IReadOnlyList<PlanStep> Steps)
{
    /// <remarks>Assumes that an image is chosen.</remarks>
    public static ServingState Compute(ModelContext context)
    {
        var (observed, model) = (context.Observed, context.Model);
        var resolved = Resolve(context, context.Choice.Image!);
        var deployment = ModelDeployment.Build(model, context.Run, resolved.Image, context.Options);
        var rollout = Rollout.FromServing(observed, deployment) with { WasRolledOut = WasReady(model, resolved) };
        var ready = rollout.Judge(Describe(resolved));
        return new(
            resolved,
            rollout,
            context.Runs.Problem is { } missing ? KeptFromStatus(ready, missing) : ready,
            [.. DeploymentSteps(observed, rollout), .. ServiceSteps(observed.Service, ModelService.Build(model))]);
    }

    public static Resolution Resolve(ModelContext context, ServedImage image) =>
        new(image, context.Run ?? (image.Lineage?.ModelDigest is { } digest ? new ServedModel { Digest = digest } : null));

    /// <summary>Such as: iris run 3 (accuracy 0.9533, sha256:0123456789ab).</summary>
    public static string Describe(Resolution resolved) => resolved switch
    {
        { Model: { Run: { } number, Accuracy: var accuracy } run } =>
            $"{run.Training} run {number} ({(accuracy is null ? "" : $"accuracy {accuracy}, ")}{Names.ShortDigest(run.Digest)})",
        { Image: { Version: { } version, Digest: var digest } } => $"version {version} ({Names.ShortDigest(digest)})",
        _ => $"the model of image {resolved.Image.Reference}",
    };

    /// <summary>What the user has while nothing new can be served; empty where no pod is ready.</summary>
    public static string StillServingSuffix(ModelContext context) =>
        context.Observed.Deployment?.Status?.ReadyReplicas is > 0 and { } ready
            ? $"; {ready} replicas serve on{SourceSuffix(context)}"
            : "";

    public static string SourceSuffix(ModelContext context) => context.Model.Status?.Model?.Source is { } source ? $" ({source})" : "";

    public ModelDecision ToDecision() => new(Ready)
    {
        Steps = Steps,
        Resolved = Resolved,
        IsRolledOut = Rollout.IsServing,
        RequeueAfter = PodProblems.NextPoll(Rollout.WantedPods),
    };

    // The training or its run is gone: what serves stays Ready, and the reason says what will not be followed any more.
    private static ReadyStatus KeptFromStatus(ReadyStatus ready, Problem missing) => ready with
    {
        Reason = ready.Readiness == Readiness.Ready ? missing.Reason : ready.Reason,
        Message = $"{ready.Message}; kept from status.model: {missing.Message}",
    };

    // A canary that passed is in status.image before all pods serve it; the history has it only then.
    private static bool WasReady(IrisModel model, Resolution resolved) =>
        model.Status is { } status && status.Image?.Reference == resolved.Image.Reference && status.Model == resolved.Model
        && (resolved.Image.Digest is null || (status.History is [.., { Digest: var last }] && last == resolved.Image.Digest))
        && status.Conditions?.Any(condition => condition is { Type: ConditionTypes.Ready, Status: "True" }
            && condition.ObservedGeneration == model.Metadata.Generation) == true;

    private static IEnumerable<PlanStep> DeploymentSteps(ObservedModel observed, Rollout rollout) =>
        rollout.IsCurrent ? [] : [new ApplyStep<V1Deployment>(rollout.Wanted, Observed: observed.Deployment is not null)];

    private static IEnumerable<PlanStep> ServiceSteps(V1Service? live, V1Service wanted)
    {
        if (live is null || !AppliedObject.IsCurrent(live, wanted))
        {
            yield return new ApplyStep<V1Service>(wanted, Observed: live is not null);
        }

        if (live is not null && ModelService.WithoutForeignSelector(live, wanted) is { } patch)
        {
            yield return new PatchStep<V1Service>(live, patch);
        }
    }
}
