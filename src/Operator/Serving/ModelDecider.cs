namespace IrisOperator.Operator.Serving;

/// <summary>From what was observed to what is to be written. Pure: the same arguments give the same plan.</summary>
/// <remarks>
/// Guarantees: whatever cannot be resolved leaves Deployment and Service as they are; nothing is ever deleted but a canary.
/// </remarks>
public static class ModelDecider
{
    private static readonly RuleList<ModelContext, ModelDecision> _rules = new(
        ("InvalidName", ModelRules.InvalidName),
        ("InvalidSpec", ModelRules.InvalidSpec),
        ("Refused", ModelRules.Refused),
        ("NameConflict", ModelRules.NameConflict),
        ("Suspended", ModelRules.Suspended),
        ("AwaitRun", ModelRules.AwaitRun),
        ("AwaitDeletion", ModelRules.AwaitDeletion),
        ("AwaitImage", ImageRules.AwaitImage),
        ("RejectCanary", CanaryRules.Reject),
        ("PromoteCanary", CanaryRules.Promote),
        ("CanaryNameConflict", CanaryRules.NameConflict),
        ("TryCanary", CanaryRules.Try),
        ("RollBack", ImageRules.RollBack),
        ("Serve", ModelRules.Serve));

    internal static IEnumerable<string?> RuleNames => _rules.Names;

    public static Plan<IrisModel> Decide(ObservedModel observed, OperatorOptions options, DateTimeOffset now)
    {
        var model = observed.Model;
        var context = new ModelContext(observed, options, now);
        return _rules.Decide(
            model,
            model.Status?.Conditions,
            context,
            now,
            decision => model with { Status = ModelConditions.Compute(context, decision) });
    }

    public static Plan<IrisModel> Fail(IrisModel model, ReadyStatus ready, DateTimeOffset now)
    {
        var status = model.Status ?? new IrisModelStatus();
        return FailurePlan.Create(model, status.Conditions, model.Spec.Suspend == true, ready, now, conditions => model with
        {
            Status = status with { ObservedGeneration = model.Metadata.Generation, Conditions = conditions },
        });
    }
}

/// <summary>Input of the rules.</summary>
internal sealed record ModelContext(ObservedModel Observed, OperatorOptions Options, DateTimeOffset Now)
{
    private RunChoice? _runs;
    private ImageChoice? _choice;
    private ServingState? _serving;
    private Canary? _canary;

    public IrisModel Model => Observed.Model;

    public IrisModelSpec Spec => Observed.Model.Spec;

    /// <summary>The run to serve, and why the training has none such.</summary>
    public RunChoice Runs => _runs ??= RunChoice.Select(Model, Observed.Training);

    /// <summary>Null when the image holds the model, or when there is no run to serve.</summary>
    public ServedModel? Run => Runs.Run;

    /// <summary>Images that failed here, unless the annotation has just let them be tried again.</summary>
    public IReadOnlyList<RejectedVersion> Rejected =>
        Model.GetAnnotation(Labels.Release) == Model.Status?.Released ? Model.Status?.Rejected ?? [] : [];

    /// <summary>The image to serve, or what the model waits for.</summary>
    public ImageChoice Choice => _choice ??= ImageChoice.Select(this);

    /// <summary>How Deployment and Service stand, once an image is chosen.</summary>
    public ServingState Serving => _serving ??= ServingState.Compute(this);

    /// <summary>The canary that is to go on; null where there is no version for one, or no pod serves beside it.</summary>
    public Canary? Canary => _canary ??= Canary.Observe(this);
}

/// <summary>What a rule says beside what any does: what the wanted pods serve.</summary>
internal sealed record ModelDecision(ReadyStatus Ready) : Decision(Ready)
{
    /// <summary>Null leaves image and model of the status as they are: what was served goes on being served.</summary>
    public Resolution? Resolved { get; init; }

    /// <summary>The canary's status, where <see cref="Resolved"/> is set; null ends a canary.</summary>
    public CanaryStatus? Canary { get; init; }

    /// <summary>True when all wanted pods serve <see cref="Resolved"/>: the history records it.</summary>
    public bool IsRolledOut { get; init; }

    /// <summary>True when the spec cannot be followed: nothing is said about its image.</summary>
    public bool IsInvalid { get; init; }

    /// <summary>An image that failed here and now.</summary>
    public RejectedVersion? Rejects { get; init; }

    /// <summary>The API server did not take a child, or somebody else has its name.</summary>
    public static ModelDecision Refused(Problem problem) => new(ReadyStatus.Blocked(problem)) { RequeueAfter = ApiRejection.Retry };
}

/// <summary>Image and model that the spec's references resolve to.</summary>
internal sealed record Resolution(ServedImage Image, ServedModel? Model);
