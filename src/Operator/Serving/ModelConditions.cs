namespace IrisOperator.Operator.Serving;

/// <summary>The whole status of an IrisModel, computed in one place from what was observed and decided.</summary>
internal static class ModelConditions
{
    private const int MaxRemembered = 10;

    public static IrisModelStatus Compute(ModelContext context, ModelDecision decision)
    {
        var (model, previous) = (context.Model, context.Model.Status);
        var live = context.Observed.Deployment?.Status;
        var ready = live?.ReadyReplicas ?? 0;
        var served = decision.Resolved is { } resolved ? resolved.Model : previous?.Model;
        var image = decision.Resolved?.Image ?? previous?.Image;
        return new IrisModelStatus
        {
            ObservedGeneration = model.Metadata.Generation,
            Replicas = live?.Replicas ?? 0,
            ReadyReplicas = ready,
            Served = $"{ready}/{Math.Max(0, ModelDeployment.Replicas(model))}",
            Selector = $"{Labels.Model}={model.Metadata.Name}",
            Url = ModelService.Url(model),
            Image = image,
            Canary = decision.Resolved is null ? previous?.Canary : decision.Canary,
            Model = served,
            ModelDigest = served?.Digest,
            History = History(context, decision),
            Rejected = Rejected(context, decision),
            Released = model.GetAnnotation(Labels.Release),
            RolledBackTo = decision.Resolved is null ? previous?.RolledBackTo : model.GetAnnotation(Labels.RollbackTo),
            Conditions = Conditions(context, decision).ToList(),
        };
    }

    private static ConditionList Conditions(ModelContext context, ModelDecision decision)
    {
        var conditions = new ConditionList(context.Model.Status?.Conditions, context.Model.Metadata.Generation, context.Now)
            .SetCommon(decision.Ready, context.Spec.Suspend == true);
        if (context.Spec.Image is null || decision.IsInvalid)
        {
            return conditions;
        }

        var choice = context.Choice;
        _ = (choice.Problem, choice.Image) switch
        {
            ({ } problem, _) => conditions.Set(ConditionTypes.VersionResolved, false, problem.Reason, problem.Message),
            // An operator that has just begun does not know yet what is in the registry.
            (_, not null) when ImageChoice.PinOf(context.Model) is null && context.Observed.Image == ImageView.Pending
                && conditions.TryKeep(ConditionTypes.VersionResolved) => conditions,
            (_, { } image) => conditions.Set(ConditionTypes.VersionResolved, true, Reasons.Resolved, Resolved(context, image)),
            _ => conditions.Set(ConditionTypes.VersionResolved, null, choice.Waiting!.Reason, choice.Waiting.Message),
        };
        return (decision.Rejects, choice.Rejection) switch
        {
            ({ } rejected, _) => conditions.Set(ConditionTypes.RolledBack, true, rejected.Reason, decision.Ready.Message),
            (_, { } rejected) => conditions.Set(
                ConditionTypes.RolledBack,
                true,
                rejected.Reason,
                $"{Rejection.Describe(rejected)}; {choice.Image!.Version ?? choice.Image.Digest} is wanted instead"),
            _ => conditions,
        };
    }

    // What is resolved is not what is served yet, and a range may mean another version than the one that is kept.
    private static string Resolved(ModelContext context, ServedImage image)
    {
        var wanted = image.Version ?? image.Digest;
        return (ImageChoice.PinOf(context.Model), image.Candidate) switch
        {
            ({ } pin, _) => $"\"{pin.Version}\" resolves to {wanted}",
            (_, { } best) =>
                $"\"{context.Spec.Image!.Version}\" resolves to {best.Version ?? best.Digest}; {wanted} is wanted ({best.Reason})",
            _ => $"\"{context.Spec.Image!.Version}\" resolves to {wanted}",
        } + (ImageChoice.PinOf(context.Model) is null && context.Observed.Image?.PassedOver is { } passedOver ? $"; {passedOver}" : "");
    }

    private static IReadOnlyList<ServedVersion>? History(ModelContext context, ModelDecision decision)
    {
        var before = context.Model.Status?.History;
        if (decision is not { IsRolledOut: true, Resolved: { Image: { Digest: { } digest } image } resolved }
            || (before is [.., { } last] && IsSame(last)))
        {
            return before;
        }

        var now = new ServedVersion
        {
            Version = image.Version,
            Reference = image.Reference!,
            Digest = digest,
            ModelDigest = resolved.Model?.Digest,
            Since = context.Now,
        };
        return [.. (before ?? []).Where(known => !IsSame(known)).Append(now).TakeLast(MaxRemembered)];

        bool IsSame(ServedVersion known) => (known.Version, known.Digest) == (image.Version, digest);
    }

    private static IReadOnlyList<RejectedVersion>? Rejected(ModelContext context, ModelDecision decision)
    {
        var all = decision.Rejects is { } rejected
            ? context.Rejected.Where(known => known.Digest != rejected.Digest).Append(rejected).TakeLast(MaxRemembered).ToList()
            : context.Rejected;
        return all.Count == 0 ? null : all;
    }
}
