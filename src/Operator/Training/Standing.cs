using IrisOperator.Operator.Training.Steps;

namespace IrisOperator.Operator.Training;

/// <summary>How the recorded runs stand. Rules and status say the same because both ask here.</summary>
internal static class Standing
{
    /// <summary>Where the newest run has ended.</summary>
    /// <param name="problem">What holds up the step that goes on.</param>
    public static ReadyStatus Of(TrainingContext context, Problem? problem = null)
    {
        var history = context.History;
        return history.Last switch
        {
            { State: RunState.Superseded } last =>
                new(Readiness.Reconciling, Reasons.Training, $"run {last.Number} was superseded: {last.Message}"),
            not null and var last when context.IsSettled => last.State switch
            {
                RunState.Accepted when last.Servable == false => NotServable(context, last),
                RunState.Accepted => Accepted(context, last, problem),
                RunState.Rejected =>
                    new(Readiness.Stalled, last.State, $"run {last.Number} was rejected: {last.Message}{history.StillAccepted}"),
                _ => new(
                    Readiness.Stalled,
                    last.Reason ?? Reasons.RunFailed,
                    $"run {last.Number} failed: {last.Message}{history.StillAccepted}"),
            },
            _ => new(Readiness.Reconciling, Reasons.Training, $"another run is due{history.StillAccepted}"),
        };
    }

    /// <summary>While a run goes on.</summary>
    public static ReadyStatus Training(TrainingContext context, TrainingRun run, string? because) => new(
        Readiness.Reconciling,
        Reasons.Training,
        $"run {run.Number} is going on{(because is null ? "" : $": {because}")}{context.History.StillAccepted}");

    /// <summary>Done, unless it was to be published.</summary>
    private static ReadyStatus NotServable(TrainingContext context, TrainingRun run) => new(
        context.Spec.Publish is null ? Readiness.Ready : Readiness.Stalled,
        context.Spec.Publish is null ? RunState.Accepted : Reasons.NotServable,
        $"{TrainingHistory.Describe(run)} was accepted, files at {run.ModelPath} on claim {run.ClaimName}; {run.Message}"
        + context.History.StillAccepted);

    private static ReadyStatus Accepted(TrainingContext context, TrainingRun run, Problem? problem)
    {
        var model = TrainingHistory.Describe(run);
        return context switch
        {
            { Image: { } image } =>
                new(Readiness.Ready, RunState.Accepted, $"{model} was accepted, image {image.Repository}:{image.Version}"),
            { Spec.Publish: null } => new(
                Readiness.Ready, RunState.Accepted, $"{model} was accepted, model at {run.ModelPath} on claim {run.ClaimName}"),
            { Spec.Suspend: true } =>
                new(Readiness.Suspended, Reasons.Suspended, $"{model} was accepted; nothing is published while spec.suspend is true"),
            { Spec.Publish: var publish } when PublishStep.Failing(context) is { } failed => new(
                failed.Transient == true ? Readiness.Reconciling : Readiness.Stalled,
                failed.Reason!,
                $"{model} was accepted, but not published to {publish.Repository}: {failed.Message}"
                + (failed.Retriable == false ? "" : "; it is tried again")),
            _ when problem is not null => ReadyStatus.Blocked(problem, $"publishing {model}: {problem.Message}"),
            { Spec.Publish: var publish } => new(
                Readiness.Reconciling,
                Reasons.Publishing,
                $"{model} was accepted and is being published to {publish.Repository}"
                + (context.History.Running?.Waiting is { } because ? $": {because}" : "")),
        };
    }
}
