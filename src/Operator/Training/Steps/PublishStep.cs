namespace IrisOperator.Operator.Training.Steps;

/// <summary>Publishes the newest accepted model where the spec says. It never trains, whatever becomes of the registry.</summary>
internal sealed class PublishStep() : FollowUp(StepTask.Publish)
{
    public override string? Due(TrainingContext context) => context.Image is null ? Cause(context.Spec.Publish) : null;

    /// <summary>The failure that is tried again for the newest accepted run; null where there is none.</summary>
    public static TrainingStep? Failing(TrainingContext context) =>
        context.History.Step(StepTask.Publish) is { Attempts: not null } step
        && (step.Run, step.Cause) == (context.History.Accepted?.Number, Cause(context.Spec.Publish))
            ? step
            : null;

    public override V1Job Build(TrainingContext context, string jobName) =>
        TrainingJob.Publish(context.Training, jobName, context.History.Accepted!, context.Options, RetrySeconds(context));

    public override StepOutcome End(TrainingContext context, StepReport? report) => Published(context, report) is { } history
        ? new(StepState.Succeeded, history, history.Accepted!.Publication!.State)
        : new(
            StepState.Failed, context.History, Reasons.PublisherFailed,
            report?.Transient == true ? $"not published to {context.Spec.Publish!.Repository}" : null);

    /// <summary>The history with the image that a report names; null where it names none.</summary>
    public static TrainingHistory? Published(TrainingContext context, StepReport? report) =>
        report is { Outcome: Outcome.Published or Outcome.Unchanged } && Digest.TryParse(report.Digest, out _)
            ? context.History.With(context.History.Accepted! with
            {
                Publication = new Publication
                {
                    State = report.Outcome,
                    Repository = context.Spec.Publish!.Repository,
                    Series = context.Spec.Publish.Version,
                    Version = report.Version,
                    Digest = report.Digest,
                    BaseDigest = report.BaseDigest,
                    Message = report.Message,
                    Time = context.Now,
                },
            })
            : null;

    private static string? Cause(PublishSpec? publish) => publish is null ? null : $"{publish.Repository} {publish.Version}";
}

/// <summary>Publishes the newest accepted model again when its base resolves to another image.</summary>
/// <remarks>
/// The Job asks the registry itself what the base resolves to, for what the operator knows may be a minute old. So a base that was
/// noticed too late costs a Job that changes nothing, and never takes an image back to an older base.
/// </remarks>
internal sealed class RebaseStep() : FollowUp(StepTask.Rebase)
{
    public override string? Due(TrainingContext context) =>
        IsWanted(context, "") && context.Observed.Base?.Found is { Digest: var digest } && digest != context.Image?.BaseDigest
            ? digest
            : null;

    public override bool IsWanted(TrainingContext context, string cause) => context is { Spec.Publish.Rebase: true, Image: not null };

    public override V1Job Build(TrainingContext context, string jobName) =>
        TrainingJob.Publish(
            context.Training, jobName, context.History.Accepted!, context.Options, RetrySeconds(context), rebase: true);

    public override StepOutcome End(TrainingContext context, StepReport? report)
    {
        if (PublishStep.Published(context, report) is { Accepted: { Publication: { } image } run } history)
        {
            var subject = $"{image.Repository}:{image.Version} has the model of {TrainingHistory.Describe(run)} on "
                + Names.ShortDigest(image.BaseDigest);
            return new(StepState.Succeeded, history, Reasons.Rebased, subject);
        }

        // Skipped: another model is the newest version.
        var stays = $"{context.Image?.Repository}:{context.Image?.Version} stays on its base";
        return report?.Outcome == Outcome.Skipped
            ? new(StepState.Skipped, context.History, Reasons.RebaseSkipped, stays)
            : new(StepState.Failed, context.History, Reasons.PublisherFailed, stays);
    }
}
