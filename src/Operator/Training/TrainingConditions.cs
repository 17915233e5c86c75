using IrisOperator.Operator.Training.Steps;

namespace IrisOperator.Operator.Training;

/// <summary>The whole status of an IrisTraining, computed in one place from what was observed and decided.</summary>
internal static class TrainingConditions
{
    public static IrisTrainingStatus Compute(TrainingContext context, TrainingDecision decision)
    {
        var generation = context.Training.Metadata.Generation;
        var history = decision.History ?? context.History;
        var last = history.Last;
        var judged = history.Runs.LastOrDefault(run => run.State is RunState.Accepted or RunState.Rejected);
        var ready = decision.Ready;

        var conditions = new ConditionList(context.Training.Status?.Conditions, generation, context.Now)
            .SetCommon(ready, context.Spec.Suspend == true)
            .Set(
                ConditionTypes.Complete,
                last?.State is RunState.Accepted or RunState.Rejected,
                last?.State ?? Reasons.NoRun,
                last?.State is RunState.Accepted or RunState.Rejected ? $"run {last.Number} was judged" : "the last run was not judged")
            .SetWhile(last?.State == RunState.Failed, ConditionTypes.Failed, last?.Reason ?? Reasons.RunFailed, last?.Message ?? "")
            .Set(
                ConditionTypes.QualityGatePassed,
                judged is null ? null : judged.State == RunState.Accepted,
                judged?.State ?? Reasons.NoRunJudged,
                Gate(judged));

        if (context.Spec.Publish is not null || history.Accepted?.Publication is not null)
        {
            Published(conditions, context.Spec.Publish, history);
        }

        if (context.Spec.Publish is { Rebase: true } publish)
        {
            Rebased(conditions, context, publish, history);
        }

        return new IrisTrainingStatus
        {
            ObservedGeneration = generation,
            Run = last?.Number,
            Accuracy = judged?.Metrics?.GetValueOrDefault("accuracy"),
            ModelDigest = history.Accepted?.ModelDigest,
            Image = RunList.NewestImage(history.Runs) is { } image ? $"{image.Repository}:{image.Version}@{image.Digest}" : null,
            Requested = last?.InputsHash == context.InputsHash
                ? context.Training.GetAnnotation(Labels.Run)
                : context.Training.Status?.Requested,
            Steps = history.Steps.Count == 0 ? null : history.Steps,
            Retention = history.Retention,
            Conditions = conditions.ToList(),
            Runs = history.Runs.Count == 0 ? null : history.Runs,
        };
    }

    private static void Published(ConditionList conditions, PublishSpec? publish, TrainingHistory history) =>
        _ = (history.Accepted?.Publication, history.Step(StepTask.Publish)) switch
        {
            ({ Version: { } version } image, _) when publish is null || Publication.IsAt(publish, image) => conditions.Set(
                ConditionTypes.Published, true, image.State, $"{image.Repository}:{version} ({RunList.ShortDigest(image.Digest)})"),
            (_, { } step) when history.Accepted is { } run && PublishStep.Failing(history, run, publish!) == step =>
                conditions.Set(ConditionTypes.Published, false, step.Reason!, step.Message!),
            (_, { State: StepState.Running } step) => conditions.Set(
                ConditionTypes.Published, false, Reasons.Publishing, step.Waiting ?? $"the model is being published to {step.Cause}"),
            _ => conditions.Set(ConditionTypes.Published, null, Reasons.NothingPublished, "no run of this spec was published yet"),
        };

    private static void Rebased(ConditionList conditions, TrainingContext context, PublishSpec publish, TrainingHistory history)
    {
        const string Type = ConditionTypes.Rebased;
        var (view, step) = (context.Observed.Base, history.Step(StepTask.Rebase));
        if (step?.State != StepState.Running && view == ImageView.Pending && conditions.TryKeep(Type))
        {
            // A new process has not asked yet.
            return;
        }

        var image = history.Accepted?.Publication;
        var target = view?.Found is { } found ? found.Version ?? RunList.ShortDigest(found.Digest) : null;
        _ = step switch
        {
            _ when !Publication.IsAt(publish, image) =>
                conditions.Set(Type, null, Reasons.NothingPublished, "there is no image yet that could get another base"),
            { State: StepState.Running, Attempts: null } => conditions.Set(
                Type,
                false,
                Reasons.Rebasing,
                step.Waiting ?? $"the model of run {step.Run} is being published on {RunList.ShortDigest(step.Cause)}"),
            _ when context.Spec.Suspend == true =>
                conditions.Set(Type, null, Reasons.Suspended, "the base is not followed while spec.suspend is true"),
            _ when view is null => conditions.Set(Type, true, Reasons.FixedBase, "the base is one image, which never changes"),
            _ when view.Found?.Digest == image!.BaseDigest =>
                conditions.Set(Type, true, Reasons.UpToDate, $"{image.Version} stands on what the base means now ({target})"),
            { State: not StepState.Succeeded } when step.Cause == view.Found?.Digest =>
                conditions.Set(Type, false, step.Reason ?? step.State, step.Message!),
            _ when view.Found is null => conditions.Set(
                Type,
                null,
                view.Problem?.Reason ?? Reasons.ResolvingVersion,
                view.Problem?.Message ?? "asking the registry what the base means"),
            _ => conditions.Set(Type, false, Reasons.Outdated, $"the base means {target} now"),
        };
    }

    private static string Gate(TrainingRun? judged) => judged switch
    {
        null => "no run was judged",
        { State: RunState.Rejected } => $"run {judged.Number}: {judged.Message}",
        _ => RunList.Describe(judged),
    };
}
