using IrisOperator.Operator.Training.Desired;

namespace IrisOperator.Operator.Training.Steps;

/// <summary>Publishes the newest accepted model again when its base means another image.</summary>
/// <remarks>
/// The job asks the registry itself what the base means, for what the operator knows may be a minute old. So a base that was noticed too
/// late costs a job that changes nothing, and never takes an image back to an older base.
/// </remarks>
internal sealed class RebaseStep(TrainingStep record) : FollowUp(record)
{
    public static DueStep? Due(TrainingContext context)
    {
        if (Published(context) is not { } run
            || context.Seen.Base?.Found is not { Digest: var digest } || digest == run.Publication!.BaseDigest)
        {
            return null;
        }

        var last = context.Training.Status?.Rebase;
        return last is not null
            && (last.Run, last.BaseDigest, last.Generation) == (run.Number, digest, context.Training.Metadata.Generation)
            ? null
            : Plan(context, StepTask.Rebase, run.Number, digest);
    }

    public override V1Job Build(TrainingContext context) =>
        PublicationJob.Rebase(context.Training, Record.JobName, Published(context)!, context.Options);

    public override TrainingDecision End(TrainingContext context, JobState.Ended end)
    {
        var run = Published(context)!;
        var report = StepReport.Parse(end.Container?.Message);
        var image = StepReport.Publication(run.Publication!, report, end.Explanation);
        var state = report?.Outcome == StepState.Skipped ? StepState.Skipped
            : image.State == PublicationState.Failed ? StepState.Failed : StepState.Succeeded;
        var ended = new RebaseStatus
        {
            State = state,
            Run = run.Number,
            BaseDigest = Record.Cause,
            Generation = Record.Generation,
            JobName = Record.JobName,
            Reason = image.Reason,
            Message = image.Message,
            Time = context.Now,
        };
        var runs = state == StepState.Succeeded
            ? RunList.Replace(context.Seen.Runs, run with { Publication = image })
            : context.Seen.Runs;
        var note = state == StepState.Succeeded
            ? new EventNote(
                "Rebased",
                $"{image.Repository}:{image.Version} has the model of {RunList.Describe(run)} on {RunList.ShortDigest(image.BaseDigest)}",
                StepTask.Rebase)
            : new EventNote(
                image.Reason ?? "RebaseSkipped",
                $"{image.Repository}:{run.Publication!.Version} stays on its base: {image.Message}",
                StepTask.Rebase,
                IsWarning: state == StepState.Failed);

        return new TrainingDecision(Standing.Of(context, runs))
        {
            Runs = runs,
            Step = StepStatus.Of(context.Training) with { Running = null, Rebase = ended },
            Events = [note],
        };
    }

    /// <summary>The condition Rebased, where the spec asks for it.</summary>
    public static void Describe(TrainingContext context, Publication? publication, StepStatus steps, ConditionList conditions)
    {
        var view = context.Seen.Base;
        if (steps.Running is null && view == ImageView.Pending && conditions.TryKeep(ConditionTypes.Rebased))
        {
            // A new process has not asked yet.
            return;
        }

        var target = view?.Found is { } found ? found.Version ?? RunList.ShortDigest(found.Digest) : null;
        _ = (publication, steps) switch
        {
            ({ Version: null } or null, _) =>
                conditions.Set(ConditionTypes.Rebased, null, "NothingPublished", "there is no image yet that could get another base"),
            (_, { Running: { Task: StepTask.Rebase } running }) => conditions.Set(
                ConditionTypes.Rebased,
                false,
                "Rebasing",
                running.Message ?? $"the model of run {running.Run} is being published on {RunList.ShortDigest(running.Cause)}"),
            _ when context.Spec.Suspend == true =>
                conditions.Set(ConditionTypes.Rebased, null, "Suspended", "the base is not followed while spec.suspend is true"),
            _ when view is null => conditions.Set(ConditionTypes.Rebased, true, "FixedBase", "the base is one image, which never changes"),
            _ when view.Found?.Digest == publication.BaseDigest => conditions.Set(
                ConditionTypes.Rebased, true, "UpToDate", $"{publication.Version} stands on what the base means now ({target})"),
            (_, { Rebase: { State: not StepState.Succeeded } last }) when last.BaseDigest == view.Found?.Digest => conditions.Set(
                ConditionTypes.Rebased, false, last.Reason ?? last.State, last.Message ?? "the publisher said nothing"),
            _ when view.Found is null => conditions.Set(
                ConditionTypes.Rebased,
                null,
                view.Problem?.Reason ?? "ResolvingVersion",
                view.Problem?.Message ?? "asking the registry what the base means"),
            _ => conditions.Set(ConditionTypes.Rebased, false, "Outdated", $"the base means {target} now"),
        };
    }

    /// <summary>
    /// What to remember of the last rebase: a failure for a base that is none any more may be tried again when it comes back.
    /// </summary>
    public static RebaseStatus? Remember(TrainingContext context, Publication? publication, RebaseStatus? last) =>
        last is not null && context.Seen.Base?.Found?.Digest is { } digest
        && digest == publication?.BaseDigest && last.BaseDigest != digest
            ? null
            : last;

    protected override bool IsWanted(TrainingContext context) => Published(context)?.Number == Record.Run;

    // The newest accepted run, if it is where the spec publishes now: in its repository and series.
    private static TrainingRun? Published(TrainingContext context) =>
        context.Spec.Publish is { Rebase: true } publish
        && context.Seen.LastAccepted is { Publication: { Version: not null } image } run
        && Publication.IsAt(publish, image)
            ? run
            : null;
}
