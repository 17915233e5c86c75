using IrisOperator.Operator.Training.Steps;

namespace IrisOperator.Operator.Training;

/// <summary>How the recorded runs stand, the newest of which has ended. Rules and status say the same because both ask here.</summary>
internal static class Standing
{
    /// <summary>
    /// True while there is nothing to run. A run that failed is settled only for the very spec it failed with: any change is worth a try.
    /// </summary>
    public static bool IsSettled(TrainingRun? last, string inputsHash, long? generation) => last?.InputsHash == inputsHash
        && (last.State is RunState.Accepted or RunState.Rejected || (last.State == RunState.Failed && last.Generation == generation));

    /// <param name="problem">What holds up the step that goes on.</param>
    public static ReadyStatus Of(TrainingContext context, TrainingHistory history, Problem? problem = null)
    {
        var last = history.Last;
        return last switch
        {
            { State: RunState.Superseded } =>
                new(Readiness.Reconciling, Reasons.Training, $"run {last.Number} was superseded: {last.Message}"),
            _ when !IsSettled(last, context.InputsHash, context.Training.Metadata.Generation) =>
                new(Readiness.Reconciling, Reasons.Training, $"another run is due{StillAccepted(history)}"),
            { State: RunState.Accepted } => Accepted(context, history, last, problem),
            { State: RunState.Rejected } =>
                new(Readiness.Stalled, last.State, $"run {last.Number} was rejected: {last.Message}{StillAccepted(history)}"),
            _ => new(
                Readiness.Stalled, last!.Reason ?? Reasons.RunFailed, $"run {last.Number} failed: {last.Message}{StillAccepted(history)}"),
        };
    }

    public static ReadyStatus Training(TrainingRun run, TrainingHistory history, string? because) => new(
        Readiness.Reconciling,
        Reasons.Training,
        $"run {run.Number} is going on{(because is null ? "" : $": {because}")}{StillAccepted(history)}");

    public static string StillAccepted(TrainingHistory history) =>
        history.Accepted is { } accepted ? $"; {RunList.Describe(accepted)} stays the accepted one" : "";

    private static ReadyStatus Accepted(TrainingContext context, TrainingHistory history, TrainingRun run, Problem? problem)
    {
        var model = RunList.Describe(run);
        return (run.Publication, context.Spec.Publish) switch
        {
            ({ Version: { } version } image, var publish) when publish is null || Publication.IsAt(publish, image) =>
                new(Readiness.Ready, RunState.Accepted, $"{model} was accepted, image {image.Repository}:{version}"),
            (_, null) => new(
                Readiness.Ready, RunState.Accepted, $"{model} was accepted, model at {run.ModelPath} on claim {run.ClaimName}"),
            _ when context.Spec.Suspend == true =>
                new(Readiness.Suspended, Reasons.Suspended, $"{model} was accepted; nothing is published while spec.suspend is true"),
            (_, { } publish) when PublishStep.Failing(history, run, publish) is { } failed => new(
                Readiness.Stalled,
                failed.Reason!,
                $"{model} was accepted, but not published to {publish.Repository}: {failed.Message}"
                + (failed.Retriable == false ? "" : "; it is tried again")),
            _ when problem is not null => ReadyStatus.Blocked(problem, $"publishing {model}: {problem.Message}"),
            (_, { } publish) => new(
                Readiness.Reconciling,
                Reasons.Publishing,
                $"{model} was accepted and is being published to {publish.Repository}"
                + (history.Running?.Waiting is { } because ? $": {because}" : "")),
        };
    }
}
