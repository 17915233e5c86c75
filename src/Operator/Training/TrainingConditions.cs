using IrisOperator.Operator.Training.Steps;

namespace IrisOperator.Operator.Training;

/// <summary>The whole status of an IrisTraining, computed in one place from what was observed and decided.</summary>
internal static class TrainingConditions
{
    /// <param name="context">With the history as it is to be recorded.</param>
    public static IrisTrainingStatus Compute(TrainingContext context, ReadyStatus ready)
    {
        var (training, history) = (context.Training, context.History);
        var (last, judged) = (history.Last, history.Runs.LastOrDefault(run => RunState.IsJudged(run.State)));
        var isJudged = RunState.IsJudged(last?.State);
        var conditions = new ConditionList(training.Status?.Conditions, training.Metadata.Generation, context.Now)
            .SetCommon(ready, context.Spec.Suspend == true)
            .Set(
                ConditionTypes.Complete,
                isJudged,
                last?.State ?? Reasons.NoRun,
                isJudged ? $"run {last!.Number} was judged" : "the last run was not judged")
            .SetWhile(last?.State == RunState.Failed, ConditionTypes.Failed, last?.Reason ?? Reasons.RunFailed, last?.Message ?? "")
            .Set(
                ConditionTypes.QualityGatePassed,
                judged is null ? null : judged.State == RunState.Accepted,
                judged?.State ?? Reasons.NoRunJudged,
                judged switch
                {
                    null => "no run was judged",
                    { State: RunState.Rejected } => $"run {judged.Number}: {judged.Message}",
                    _ => TrainingHistory.Describe(judged),
                });

        if (context.Spec.Publish is not null || history.Accepted?.Publication is not null)
        {
            var (status, reason, message) = Published(context);
            conditions.Set(ConditionTypes.Published, status, reason, message);
        }

        // A new process has not asked for the base yet.
        var isUnknown = context.Observed.Base == ImageView.Pending && history.Step(StepTask.Rebase)?.State != StepState.Running;
        if (context.Spec.Publish is { Rebase: true } && !(isUnknown && conditions.TryKeep(ConditionTypes.Rebased)))
        {
            var (status, reason, message) = Rebased(context, context.Observed.Base, history.Step(StepTask.Rebase));
            conditions.Set(ConditionTypes.Rebased, status, reason, message);
        }

        return new IrisTrainingStatus
        {
            ObservedGeneration = training.Metadata.Generation,
            Run = last?.Number,
            Accuracy = judged?.Metrics?.GetValueOrDefault("accuracy"),
            ModelDigest = history.Accepted?.ModelDigest,
            Image = TrainingHistory.NewestImage(history.Runs) is { } image ? $"{image.Repository}:{image.Version}@{image.Digest}" : null,
            Requested = last?.InputsHash == context.InputsHash ? training.GetAnnotation(Labels.Run) : training.Status?.Requested,
            Steps = history.Steps.Count == 0 ? null : history.Steps,
            Retention = history.Retention,
            Conditions = conditions.ToList(),
            Runs = history.Runs.Count == 0 ? null : RunStage.Mark(history.Runs, context.Job),
        };
    }

    private static (bool? Status, string Reason, string Message) Published(TrainingContext context) => context switch
    {
        { Image: { } image } => (true, image.State, $"{image.Repository}:{image.Version} ({Names.ShortDigest(image.Digest)})"),
        _ when PublishStep.Failing(context) is { } failed => (false, failed.Reason!, failed.Message!),
        _ when context.History.Step(StepTask.Publish) is { State: StepState.Running } step =>
            (false, Reasons.Publishing, step.Waiting ?? $"the model is being published to {step.Cause}"),
        _ => (null, Reasons.NothingPublished, "no run of this spec was published yet"),
    };

    private static (bool? Status, string Reason, string Message) Rebased(TrainingContext context, ImageView? view, TrainingStep? step)
    {
        var target = view?.Found is { } found ? found.Version ?? Names.ShortDigest(found.Digest) : null;
        return (context.Image, step) switch
        {
            (null, _) => (null, Reasons.NothingPublished, "there is no image yet that could get another base"),
            (_, { State: StepState.Running, Attempts: null }) => (
                false,
                Reasons.Rebasing,
                step.Waiting ?? $"the model of run {step.Run} is being published on {Names.ShortDigest(step.Cause)}"),
            _ when context.Spec.Suspend == true => (null, Reasons.Suspended, "the base is not followed while spec.suspend is true"),
            _ when view is null => (true, Reasons.FixedBase, "the base is one image, which never changes"),
            ({ } image, _) when view.Found?.Digest == image.BaseDigest =>
                (true, Reasons.UpToDate, $"{image.Version} stands on what the base resolves to now ({target})"),
            (_, { State: not StepState.Succeeded }) when step.Cause == view.Found?.Digest =>
                (false, step.Reason ?? step.State, step.Message!),
            _ when view.Found is null => (
                null,
                view.Problem?.Reason ?? Reasons.ResolvingVersion,
                view.Problem?.Message ?? "asking the registry what the base resolves to"),
            _ => (false, Reasons.Outdated, $"the base resolves to {target} now"),
        };
    }
}
