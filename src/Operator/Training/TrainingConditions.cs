using IrisOperator.Operator.Training.Steps;

namespace IrisOperator.Operator.Training;

/// <summary>The whole status of an IrisTraining, computed in one place from what was seen and decided.</summary>
internal static class TrainingConditions
{
    public static IrisTrainingStatus Compute(TrainingContext context, TrainingDecision decision)
    {
        var generation = context.Training.Metadata.Generation;
        var runs = decision.Runs ?? context.Seen.Runs;
        var last = runs.Count == 0 ? null : runs[^1];
        var judged = runs.LastOrDefault(run => run.State is RunState.Accepted or RunState.Rejected);
        var situation = decision.Situation;

        var conditions = new ConditionList(context.Training.Status?.Conditions, generation, context.Now)
            .SetCommon(situation, context.Spec.Suspend == true)
            .Set(
                ConditionTypes.Complete,
                last?.State is RunState.Accepted or RunState.Rejected,
                last?.State ?? "NoRun",
                last?.State is RunState.Accepted or RunState.Rejected ? $"run {last.Number} was judged" : "the last run was not judged")
            .Set(
                ConditionTypes.Failed,
                last?.State == RunState.Failed,
                last?.State == RunState.Failed ? last.Reason ?? "RunFailed" : last?.State ?? "NoRun",
                last is { State: RunState.Failed, Message: { Length: > 0 } why } ? why : "the last run did not fail")
            .Set(
                ConditionTypes.QualityGatePassed,
                judged is null ? null : judged.State == RunState.Accepted,
                judged?.State ?? "NoRunJudged",
                Gate(judged));

        var accepted = runs.LastOrDefault(run => run.State == RunState.Accepted);
        var steps = decision.Step ?? StepStatus.Of(context.Training);
        if (context.Spec.Publish is not null || accepted?.Publication is not null)
        {
            Publish(conditions, accepted?.Publication, steps.Running);
        }

        if (context.Spec.Publish?.Rebase == true)
        {
            RebaseStep.Describe(context, accepted?.Publication, steps, conditions);
        }

        return new IrisTrainingStatus
        {
            ObservedGeneration = generation,
            Run = last?.Number,
            Accuracy = judged?.Metrics?.GetValueOrDefault("accuracy"),
            ModelDigest = accepted?.ModelDigest,
            Image = RunList.NewestImage(runs) is { } image ? $"{image.Repository}:{image.Version}@{image.Digest}" : null,
            Step = steps.Running,
            Rebase = RebaseStep.Remember(context, accepted?.Publication, steps.Rebase),
            Retention = steps.Retention,
            Conditions = conditions.ToList(),
            Runs = runs.Count == 0 ? null : runs,
        };
    }

    private static void Publish(ConditionList conditions, Publication? publication, TrainingStep? step) => _ = (publication, step) switch
    {
        ({ State: PublicationState.Failed } failed, _) => conditions.Set(
            ConditionTypes.Published, false, failed.Reason ?? "PublisherFailed", failed.Message ?? "the publisher said nothing"),
        (_, { Task: StepTask.Publish, Cause: var destination } running) => conditions.Set(
            ConditionTypes.Published, false, Reasons.Publishing, running.Message ?? $"the model is being published to {destination}"),
        ({ Version: { } version } image, _) => conditions.Set(
            ConditionTypes.Published, true, image.State, $"{image.Repository}:{version} ({RunList.ShortDigest(image.Digest)})"),
        _ => conditions.Set(ConditionTypes.Published, null, "NothingPublished", "no run of this spec was published yet"),
    };

    private static string Gate(TrainingRun? judged) => judged switch
    {
        null => "no run was judged",
        { State: RunState.Rejected } => $"run {judged.Number}: {judged.Message}",
        _ => RunList.Describe(judged),
    };
}
