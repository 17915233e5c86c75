using IrisOperator.Operator.Training.Steps;

namespace IrisOperator.Operator.Training;

/// <summary>From what was observed to what is to be written. Pure: the same arguments give the same plan.</summary>
/// <remarks>
/// Guarantees: a run is recorded as Running before its job exists and recorded as ended before its job is cleaned up, so a missing
/// job means "create it again" for a running run and nothing at all for an ended one (kubeflow/trainer#2981, #3737). The same holds for
/// the steps that follow a run: one at a time, and none while a run goes on or is due.
/// </remarks>
public static class TrainingDecider
{
    private static readonly RuleList<TrainingContext, TrainingDecision> _rules = new(
        ("InvalidName", TrainingRules.InvalidName),
        ("InvalidSpec", TrainingRules.InvalidSpec),
        ("StepRefused", StepRules.Refused),
        ("Refused", TrainingRules.Refused),
        ("StopStep", StepRules.Stop),
        ("CreateJob", StepRules.CreateJob),
        ("AwaitJobDeletion", StepRules.AwaitJobDeletion),
        ("RunAgain", StepRules.RunAgain),
        ("RecordEnd", StepRules.RecordEnd),
        ("MakeClaimAgain", TrainingRules.MakeClaimAgain),
        ("AwaitJob", StepRules.AwaitJob),
        ("StartStep", FollowUp.Start),
        ("Settled", TrainingRules.Settled),
        ("Suspended", TrainingRules.Suspended),
        ("AwaitClaimDeletion", TrainingRules.AwaitClaimDeletion),
        ("AwaitDataset", TrainingRules.AwaitDataset),
        ("AwaitOutputClaim", TrainingRules.AwaitOutputClaim),
        ("StartRun", TrainingRules.StartRun));

    internal static IEnumerable<string?> RuleNames => _rules.Names;

    public static Plan<IrisTraining> Decide(ObservedTraining observed, OperatorOptions options, DateTimeOffset now)
    {
        var training = observed.Training;
        var context = new TrainingContext(observed, options, now, TrainingInputs.Hash(training));
        return _rules.Decide(training, training.Status?.Conditions, context, now, decision => training with
        {
            Status = TrainingConditions.Compute(context with { History = decision.History ?? context.History }, decision.Ready),
        });
    }

    public static Plan<IrisTraining> Fail(IrisTraining training, ReadyStatus ready, DateTimeOffset now)
    {
        var status = training.Status ?? new IrisTrainingStatus();
        return FailurePlan.Create(training, status.Conditions, training.Spec.Suspend == true, ready, now, conditions => training with
        {
            Status = status with { ObservedGeneration = training.Metadata.Generation, Conditions = conditions },
        });
    }
}

/// <summary>What the rules look at.</summary>
internal sealed record TrainingContext(ObservedTraining Observed, OperatorOptions Options, DateTimeOffset Now, string InputsHash)
    : IStepContext<TrainingDecision>
{
    public IrisTraining Training => Observed.Training;

    public IrisTrainingSpec Spec => Observed.Training.Spec;

    /// <summary>What is recorded, or is about to be.</summary>
    public TrainingHistory History { get; init; } = Observed.History;

    public IStep<TrainingDecision>? Step => History switch
    {
        { Last: { State: RunState.Running } run } => new TrainStep(this, run),
        { Running: { } record } when FollowUp.Find(record.Task) is { } task => new FollowUpStep(this, task, record),
        _ => null,
    };

    public ObservedJob Job => Observed.StepJob;

    public Problem? Rejection => Observed.Rejection;

    public IEnumerable<PlanStep> CleanUp => JobCleanUp.Of(this);

    /// <summary>
    /// True while there is nothing to run. A run that failed is settled only for the very spec it failed with: any change is worth a try.
    /// </summary>
    public bool IsSettled => History.Last is { } last && last.InputsHash == InputsHash
        && (RunState.IsJudged(last.State) || (last.State == RunState.Failed && last.Generation == Training.Metadata.Generation));

    /// <summary>The run for which something may be done after it; null while a run is due, or spec.suspend is true.</summary>
    public TrainingRun? FollowedRun => IsSettled && Spec.Suspend != true ? History.Accepted : null;

    /// <summary>The newest accepted model's image, unless spec.publish names another repository or series by now.</summary>
    public Publication? Image => History.Accepted?.Publication is { Version: not null } image
        && (Spec.Publish is not { } publish || (image.Repository, image.Series) == (publish.Repository, publish.Version)) ? image : null;
}

/// <summary>What a rule says beside what any does: what is recorded of runs and steps.</summary>
internal sealed record TrainingDecision(ReadyStatus Ready) : Decision(Ready)
{
    /// <summary>Null leaves what is recorded as it is.</summary>
    public TrainingHistory? History { get; init; }

    /// <summary>Records what becomes of runs and steps, and how things stand with that.</summary>
    /// <param name="problem">What holds up the step that goes on.</param>
    public static TrainingDecision Record(TrainingContext context, TrainingHistory history, Problem? problem = null) =>
        new(Standing.Of(context with { History = history }, problem)) { History = history };
}
