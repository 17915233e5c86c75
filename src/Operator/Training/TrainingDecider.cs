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
    private static readonly (string Name, Func<TrainingContext, TrainingDecision?> Decide)[] Rules =
    [
        ("InvalidName", TrainingRules.InvalidName),
        ("InvalidSpec", TrainingRules.InvalidSpec),
        ("StepRefused", StepRules.Refused),
        ("Refused", TrainingRules.Refused),
        ("StopStep", StepRules.Stop),
        ("CreateJob", StepRules.CreateJob),
        ("AwaitJobDeletion", StepRules.AwaitJobDeletion),
        ("RunAgain", StepRules.RunAgain),
        ("RecordEnd", StepRules.RecordEnd),
        ("AwaitJob", StepRules.AwaitJob),
        ("StartStep", StepRules.Start),
        ("Settled", TrainingRules.Settled),
        ("Suspended", TrainingRules.Suspended),
        ("AwaitDataset", TrainingRules.AwaitDataset),
        ("AwaitOutputClaim", TrainingRules.AwaitOutputClaim),
        ("StartRun", TrainingRules.StartRun),
    ];

    internal static IEnumerable<string?> RuleNames => Rules.Select(rule => rule.Name).Append("Deleting");

    public static Plan<IrisTraining> Decide(ObservedTraining observed, OperatorOptions options, DateTimeOffset now)
    {
        var training = observed.Training;
        if (training.Metadata.DeletionTimestamp is not null)
        {
            return new Plan<IrisTraining> { Rule = "Deleting", Wanted = training };
        }

        var context = new TrainingContext(observed, options, now, TrainingInputs.Hash(training));
        foreach (var (name, decide) in Rules)
        {
            if (decide(context) is { } decision)
            {
                return new Plan<IrisTraining>
                {
                    Rule = name,
                    Steps = decision.Steps,
                    Wanted = training with { Status = TrainingConditions.Compute(context, decision) },
                    Events = [.. Transitions.EventsFor(training.Status?.Conditions, decision.Ready, name), .. decision.Events],
                    RequeueAfter = decision.RequeueAfter,
                    ContinueImmediately = decision.ContinueImmediately,
                };
            }
        }

        throw new InvalidOperationException("the last rule matches always");
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

/// <summary>What a rule says: writes to children, what is recorded of runs and steps, and how things stand.</summary>
internal sealed record TrainingDecision(ReadyStatus Ready)
{
    public IReadOnlyList<PlanStep> Steps { get; init; } = [];

    /// <summary>Null leaves what is recorded as it is.</summary>
    public TrainingHistory? History { get; init; }

    /// <summary>Beside the event for another reason of Ready.</summary>
    public IReadOnlyList<EventNote> Events { get; init; } = [];

    public TimeSpan? RequeueAfter { get; init; }

    public bool ContinueImmediately { get; init; }
}
