namespace IrisOperator.Operator.Training;

/// <summary>How the recorded runs stand, the newest of which has ended. Rules and status say the same because both ask here.</summary>
internal static class Standing
{
    /// <summary>
    /// True while there is nothing to run. A run that failed is settled only for the very spec it failed with: any change is worth a try.
    /// </summary>
    public static bool IsSettled(TrainingRun? last, string inputsHash, long? generation) => last?.InputsHash == inputsHash
        && (last.State is RunState.Accepted or RunState.Rejected || (last.State == RunState.Failed && last.Generation == generation));

    public static Situation Of(TrainingContext context) => Of(context, context.Seen.Runs);

    public static Situation Of(TrainingContext context, IReadOnlyList<TrainingRun> runs)
    {
        var last = runs.Count == 0 ? null : runs[^1];
        return last switch
        {
            { State: RunState.Superseded } =>
                new(Phase.Reconciling, Reasons.Training, $"run {last.Number} was superseded: {last.Message}"),
            _ when !IsSettled(last, context.InputsHash, context.Training.Metadata.Generation) =>
                new(Phase.Reconciling, Reasons.Training, $"another run is due{StillAccepted(runs)}"),
            { State: RunState.Accepted } => Accepted(context, last),
            { State: RunState.Rejected } =>
                new(Phase.Stalled, last.State, $"run {last.Number} was rejected: {last.Message}{StillAccepted(runs)}"),
            _ => new(Phase.Stalled, last!.Reason ?? "RunFailed", $"run {last.Number} failed: {last.Message}{StillAccepted(runs)}"),
        };
    }

    public static Situation Training(TrainingRun run, TrainingSeen seen, string? because) => new(
        Phase.Reconciling,
        Reasons.Training,
        $"run {run.Number} is going on{(because is null ? "" : $": {because}")}{StillAccepted(seen.Runs)}");

    public static Situation Publishing(TrainingRun run, PublishSpec publish, string? because) => new(
        Phase.Reconciling,
        Reasons.Publishing,
        $"{RunList.Describe(run)} was accepted and is being published to {publish.Repository}{(because is null ? "" : $": {because}")}");

    public static string StillAccepted(IReadOnlyList<TrainingRun> runs) =>
        runs.LastOrDefault(run => run.State == RunState.Accepted) is { } accepted
            ? $"; {RunList.Describe(accepted)} stays the accepted one"
            : "";

    private static Situation Accepted(TrainingContext context, TrainingRun run) => (run.Publication, context.Spec.Publish) switch
    {
        ({ Version: { } version } image, var publish) when publish is null || Publication.IsAt(publish, image) => new(
            Phase.Ready, RunState.Accepted, $"{RunList.Describe(run)} was accepted, image {image.Repository}:{version}"),
        ({ State: PublicationState.Failed } failed, { } publish) when Publication.IsAt(publish, failed) => new(
            Phase.Stalled,
            failed.Reason ?? "PublisherFailed",
            $"{RunList.Describe(run)} was accepted, but not published to {failed.Repository}: {failed.Message}"
            + (failed.Retriable == false ? "" : "; it is tried again")),
        (_, { }) when context.Spec.Suspend == true => new(
            Phase.Suspended, Reasons.Suspended, $"{RunList.Describe(run)} was accepted; nothing is published while spec.suspend is true"),
        (_, { } publish) => Publishing(run, publish, null),
        _ => new(
            Phase.Ready, RunState.Accepted, $"{RunList.Describe(run)} was accepted, model at {run.ModelPath} on claim {run.ClaimName}"),
    };
}
