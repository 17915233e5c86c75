namespace IrisOperator.Operator.Serving;

/// <summary>Rules about the image of a model. Each answers null where it does not apply.</summary>
internal static class ImageRules
{
    /// <summary>Nothing to serve is known yet; what runs goes on.</summary>
    public static ModelDecision? AwaitImage(ModelContext context) => context.Choice.Waiting is { } waiting
        ? new ModelDecision(waiting with { Message = waiting.Message + ServingState.StillServingSuffix(context) })
        : null;

    /// <summary>
    /// The wanted image has failed for good and another one served before: it is recorded as rejected, by which the next plan chooses
    /// the other. A pinned version is never replaced.
    /// </summary>
    public static ModelDecision? RollBack(ModelContext context)
    {
        if (context.Spec.Rollout?.AutoRollback == false || context.Spec.Image is not { } spec
            || context.Choice.Image is not { Digest: { } digest } image
            || ImageChoice.PinOf(context.Model) is not null || ImageVersion.IsDigest(spec.Version)
            || ImageChoice.LastGood(context, spec) is not { } good || good.Digest == digest
            || context.Serving.Rollout is not { IsCurrent: true } rollout
            || rollout.Failure(context.Choice.Problem is null) is not { } failure)
        {
            return null;
        }

        var rejected = Rejection.Record(context, image, failure.Reason, failure.Message);
        var message = $"{Rejection.Describe(rejected)}; going back to {good.Version ?? good.Digest}";
        return new ModelDecision(new ReadyStatus(Readiness.Reconciling, Reasons.RollingBack, message))
        {
            Rejects = rejected,
            ContinueImmediately = true,
        };
    }
}

/// <summary>The record of an image that failed.</summary>
internal static class Rejection
{
    public static RejectedVersion Record(ModelContext context, ServedImage image, string reason, string message) =>
        new() { Version = image.Version, Digest = image.Digest!, Reason = reason, Message = message, Time = context.Now };

    public static string Describe(RejectedVersion rejected) =>
        $"{rejected.Version ?? rejected.Digest} failed: {rejected.Reason}: {rejected.Message}";
}

/// <summary>Which image is to be served, and what stands against a newer one.</summary>
/// <param name="Image">For the status; null while there is nothing to serve yet.</param>
/// <param name="Waiting">Set when <paramref name="Image"/> is null: for what.</param>
/// <param name="Problem">Why the registry gave no answer; what was known before is served on.</param>
/// <param name="Rejection">Set when the range's best failed before and is therefore not served.</param>
/// <param name="CanaryImage">A newer image for a canary, while <paramref name="Image"/> serves.</param>
internal sealed record ImageChoice(
    ServedImage? Image, ReadyStatus? Waiting = null, Problem? Problem = null, RejectedVersion? Rejection = null,
    ServedImage? CanaryImage = null)
{
    public static ImageChoice Select(ModelContext context)
    {
        if (context.Spec.Image is not { } spec)
        {
            return new(new ServedImage { Reference = context.Options.ServingImage });
        }

        if (PinOf(context.Model) is { } pin)
        {
            return Pinned(context, spec, pin.Version, pin.Reason);
        }

        return ImageVersion.IsDigest(spec.Version)
            ? new(ToServed(spec, new FoundImage(null, spec.Version!)))
            : Follow(context, spec, context.Observed.Image ?? ImageView.Pending);
    }

    /// <summary>The version that must be served whatever the range has, and the word for it.</summary>
    public static (string Version, string Reason)? PinOf(IrisModel model) =>
        (model.GetAnnotation(Labels.RollbackTo), model.Spec.Image?.Pin) switch
        {
            ({ Length: > 0 } version, _) => (version, CandidateReason.RolledBackTo),
            (_, { } version) => (version, CandidateReason.Pinned),
            _ => null,
        };

    private static ImageChoice Pinned(ModelContext context, ModelImageSpec spec, string version, string reason)
    {
        var view = context.Observed.PinnedImage ?? ImageView.Pending;
        var found = ImageVersion.IsDigest(version) ? new FoundImage(null, version) : view.Found ?? FromHistory(context, spec, version);
        if (found is null)
        {
            return KeepOrWait(context, spec, version, view);
        }

        return new(ToServed(spec, found, Candidate(context.Observed.Image?.Found, found.Digest, reason)), Problem: view.Problem);
    }

    private static ImageChoice Follow(ModelContext context, ModelImageSpec spec, ImageView view)
    {
        if ((view.Found ?? RecordedCanary(context, spec, view)) is not { } best)
        {
            return KeepOrWait(context, spec, spec.Version, view);
        }

        var current = Current(context, spec);
        if (spec.Hold == true && current is not null && current.Digest != best.Digest)
        {
            return new(current with { Candidate = Candidate(best, current.Digest!, CandidateReason.Held) }, Problem: view.Problem);
        }

        if (context.Rejected.FirstOrDefault(rejected => rejected.Digest == best.Digest) is { } rejection
            && LastGood(context, spec) is { } good)
        {
            return new(
                good with { Candidate = Candidate(best, good.Digest!, CandidateReason.Rejected) },
                Problem: view.Problem,
                Rejection: rejection);
        }

        // What status.image names has passed its canary, or began to be rolled out when there was none.
        return context.Spec.Rollout?.Canary is not null && context.Model.Status?.Image?.Digest != best.Digest
            && LastGood(context, spec) is { } main && main.Digest != best.Digest
            ? new(
                main with { Candidate = Candidate(best, main.Digest!, CandidateReason.Canary) },
                Problem: view.Problem,
                CanaryImage: ToServed(spec, best))
            : new(ToServed(spec, best), Problem: view.Problem);
    }

    /// <summary>The last image of this repository that all pods served; null when there was none.</summary>
    public static ServedImage? LastGood(ModelContext context, ModelImageSpec spec)
    {
        var good = context.Model.Status?.History?.LastOrDefault(served => IsIn(served, spec));
        return good is null ? null : new ServedImage
        {
            Version = good.Version,
            Digest = good.Digest,
            Reference = good.Reference,
            Lineage = context.Model.Status?.Image is { } image && image.Digest == good.Digest ? image.Lineage : LineageOf(good),
        };
    }

    private static ImageChoice KeepOrWait(ModelContext context, ModelImageSpec spec, string? version, ImageView view)
    {
        if (Current(context, spec) is { } current)
        {
            return new(current with { Candidate = null }, Problem: view.Problem);
        }

        var waiting = view.Problem is { } problem
            ? ReadyStatus.Awaiting(problem, problem.Message)
            : new ReadyStatus(
                Readiness.Reconciling, Reasons.ResolvingVersion, $"asking the registry of {spec.Repository} for \"{version}\"");
        return new(null, waiting, view.Problem);
    }

    // What was decided on last, where it is in the spec's repository. An image that was rejected since is not kept.
    private static ServedImage? Current(ModelContext context, ModelImageSpec spec)
    {
        if (context.Model.Status?.Image is not { Digest: { } digest } image || image.Reference != $"{spec.Repository}@{digest}")
        {
            return null;
        }

        return context.Rejected.Any(rejected => rejected.Digest == digest) ? LastGood(context, spec) : image;
    }

    // The registry may be unreachable when a user goes back.
    private static FoundImage? FromHistory(ModelContext context, ModelImageSpec spec, string version) =>
        context.Model.Status?.History?.LastOrDefault(served => served.Version == version && IsIn(served, spec)) is { } served
            ? new FoundImage(served.Version, served.Digest, LineageOf(served))
            : null;

    // A canary goes on while an operator that restarted asks the registry again, or the registry does not answer.
    private static FoundImage? RecordedCanary(ModelContext context, ModelImageSpec spec, ImageView view) =>
        context.Model.Status?.Canary is { } canary && canary.Reference == $"{spec.Repository}@{canary.Digest}"
        && !view.HasNoMatch
            ? new FoundImage(canary.Version, canary.Digest)
            : null;

    private static bool IsIn(ServedVersion served, ModelImageSpec spec) =>
        served.Reference.StartsWith($"{spec.Repository}@", StringComparison.Ordinal);

    private static ImageLineage? LineageOf(ServedVersion served) =>
        served.ModelDigest is { } digest ? new ImageLineage { ModelDigest = digest } : null;

    private static ServedImage ToServed(ModelImageSpec spec, FoundImage found, CandidateImage? candidate = null) => new()
    {
        Version = found.Version,
        Digest = found.Digest,
        Reference = $"{spec.Repository}@{found.Digest}",
        Candidate = candidate,
        Lineage = found.Lineage,
    };

    private static CandidateImage? Candidate(FoundImage? best, string served, string reason) => best is null || best.Digest == served
        ? null
        : new CandidateImage { Version = best.Version, Digest = best.Digest, Reason = reason };
}
