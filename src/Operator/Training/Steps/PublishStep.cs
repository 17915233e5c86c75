namespace IrisOperator.Operator.Training.Steps;

/// <summary>Publishes the newest accepted model where the spec says. It never trains, whatever becomes of the registry.</summary>
internal sealed class PublishStep : FollowUp
{
    public override string Task => StepTask.Publish;

    public override string? Due(TrainingContext context) =>
        context.Spec.Publish is { } publish && !Publication.IsAt(publish, context.History.Accepted?.Publication) ? Cause(publish) : null;

    /// <summary>The failure that is tried again for a run; null where there is none.</summary>
    public static TrainingStep? Failing(TrainingHistory history, TrainingRun run, PublishSpec publish) =>
        history.Step(StepTask.Publish) is { Attempts: not null } step && (step.Run, step.Cause) == (run.Number, Cause(publish))
            ? step
            : null;

    public override V1Job Build(TrainingContext context, string jobName) =>
        PublicationJob.Publish(context.Training, jobName, context.History.Accepted!, context.Options);

    public override StepOutcome End(TrainingContext context, StepReport? report) =>
        report?.ToPublication(context.Spec.Publish!, context.Now) is { } image
            ? new(StepState.Succeeded, context.History.With(context.History.Accepted! with { Publication = image }), image.State)
            : new(StepState.Failed, context.History, Reasons.PublisherFailed);

    private static string Cause(PublishSpec publish) => $"{publish.Repository} {publish.Version}";
}

/// <summary>Publishes the newest accepted model again when its base means another image.</summary>
/// <remarks>
/// The job asks the registry itself what the base means, for what the operator knows may be a minute old. So a base that was noticed too
/// late costs a job that changes nothing, and never takes an image back to an older base.
/// </remarks>
internal sealed class RebaseStep : FollowUp
{
    public override string Task => StepTask.Rebase;

    public override string? Due(TrainingContext context) =>
        Published(context) is { } image && context.Observed.Base?.Found is { Digest: var digest } && digest != image.BaseDigest
            ? digest
            : null;

    public override bool IsWanted(TrainingContext context, string cause) => Published(context) is not null;

    public override V1Job Build(TrainingContext context, string jobName) =>
        PublicationJob.Publish(context.Training, jobName, context.History.Accepted!, context.Options, rebase: true);

    public override StepOutcome End(TrainingContext context, StepReport? report)
    {
        var run = context.History.Accepted!;
        var name = $"{run.Publication!.Repository}:{run.Publication.Version}";
        return (report?.Outcome, report?.ToPublication(context.Spec.Publish!, context.Now)) switch
        {
            (_, { } image) => new(
                StepState.Succeeded,
                context.History.With(run with { Publication = image }),
                Reasons.Rebased,
                $"{image.Repository}:{image.Version} has the model of {RunList.Describe(run)} on {RunList.ShortDigest(image.BaseDigest)}"),
            // Another model is the newest version.
            (Outcome.Skipped, _) => new(StepState.Skipped, context.History, Reasons.RebaseSkipped, $"{name} stays on its base"),
            _ => new(StepState.Failed, context.History, Reasons.PublisherFailed, $"{name} stays on its base"),
        };
    }

    // The newest accepted image, if it is where the spec publishes now: in its repository and series.
    private static Publication? Published(TrainingContext context) =>
        context.Spec.Publish is { Rebase: true } publish && context.History.Accepted?.Publication is { } image
        && Publication.IsAt(publish, image)
            ? image
            : null;
}
