using IrisOperator.Operator.Serving.Desired;

namespace IrisOperator.Operator.Serving;

/// <summary>Rules about the image of a model. Each answers null where it does not apply.</summary>
internal static class ImageRules
{
    /// <summary>Nothing to serve is known yet; what runs goes on.</summary>
    public static ModelDecision? AwaitImage(ModelContext context) => context.Choice.Waiting is { } waiting
        ? new ModelDecision(waiting with { Message = waiting.Message + ModelRules.StillServing(context) })
        : null;

    /// <summary>
    /// The wanted image has failed for good and another one served before: it is remembered as rejected, by which the next plan chooses
    /// the other. What the user pinned is not taken away from under him.
    /// </summary>
    public static ModelDecision? RollBack(ModelContext context)
    {
        if (context.Spec.Rollout?.AutoRollback == false || context.Spec.Image is not { } spec
            || context.Choice.Image is not { Digest: { } digest } image
            || ImageChoice.PinOf(context.Model) is not null || ImageVersion.IsDigest(spec.Version)
            || ImageChoice.LastGood(context, spec) is not { } good || good.Digest == digest || context.Seen.Deployment is not { } live)
        {
            return null;
        }

        var wanted = ModelDeployment.Build(context.Model, context.Run, image);
        if (!AppliedObject.IsCurrent(live, wanted)
            || Rollout.Of(context.Seen, wanted, isCurrent: true).Failure(context.Choice.Problem is null) is not { } failure)
        {
            return null;
        }

        var rejected = new RejectedVersion
        {
            Version = image.Version,
            Digest = digest,
            Reason = failure.Reason,
            Message = failure.Message,
            Time = context.Now,
        };
        var message = $"{Describe(rejected)}; going back to {good.Version ?? good.Digest}";
        return new ModelDecision(new Situation(Phase.Reconciling, "RollingBack", message))
        {
            Rejects = rejected,
            GoOn = true,
        };
    }

    public static string Describe(RejectedVersion rejected) =>
        $"{rejected.Version ?? rejected.Digest} failed: {rejected.Reason}: {rejected.Message}";
}
