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
        ("StartStep", StepRules.Start),
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
        return _rules.Decide(
            training,
            training.Status?.Conditions,
            context,
            now,
            decision => training with { Status = TrainingConditions.Compute(context, decision) });
    }

    /// <summary>Says how things stand where nothing else of the status can be computed: the rest stays as it was.</summary>
    public static Plan<IrisTraining> Fail(IrisTraining training, ReadyStatus ready, DateTimeOffset now)
    {
        var (previous, generation) = (training.Status?.Conditions, training.Metadata.Generation);
        var conditions = new ConditionList(previous, generation, now).SetCommon(ready, training.Spec.Suspend == true).KeepOthers();
        return new Plan<IrisTraining>
        {
            Rule = ready.Reason,
            Wanted = training with
            {
                Status = (training.Status ?? new IrisTrainingStatus()) with
                {
                    ObservedGeneration = generation,
                    Conditions = conditions.ToList(),
                },
            },
            Events = Transitions.EventsFor(previous, ready, ready.Reason),
        };
    }
}

/// <summary>What the rules look at.</summary>
internal sealed record TrainingContext(ObservedTraining Observed, OperatorOptions Options, DateTimeOffset Now, string InputsHash)
{
    public IrisTraining Training => Observed.Training;

    public IrisTrainingSpec Spec => Observed.Training.Spec;

    public TrainingHistory History => Observed.History;

    /// <summary>What goes on; null while nothing does.</summary>
    public IStep? Step => History switch
    {
        { Last: { State: RunState.Running } run } => new TrainStep(run),
        { Running: { } record } when FollowUp.Find(record.Task) is { } task => new FollowUpStep(task, record),
        _ => null,
    };

    /// <summary>The Job of the step.</summary>
    public JobState Job => JobState.Read(Observed.StepJob, Observed.Pods);

    public bool IsSettled => Standing.IsSettled(History.Last, InputsHash, Training.Metadata.Generation);
}

/// <summary>What a rule says beside what any does: what is recorded of runs and steps.</summary>
internal sealed record TrainingDecision(ReadyStatus Ready) : Decision(Ready)
{
    /// <summary>Null leaves what is recorded as it is.</summary>
    public TrainingHistory? History { get; init; }
}
