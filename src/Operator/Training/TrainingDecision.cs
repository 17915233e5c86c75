namespace IrisOperator.Operator.Training;

/// <summary>What a rule says: writes to children, the runs as they shall be recorded, and how things stand.</summary>
internal sealed record TrainingDecision(Situation Situation)
{
    public IReadOnlyList<PlanStep> Steps { get; init; } = [];

    /// <summary>Null leaves the runs as they are.</summary>
    public IReadOnlyList<TrainingRun>? Runs { get; init; }

    /// <summary>Null leaves what is recorded of upkeep as it is.</summary>
    public UpkeepRecord? Upkeep { get; init; }

    /// <summary>Beside the event for another reason of Ready.</summary>
    public IReadOnlyList<EventNote> Events { get; init; } = [];

    public TimeSpan? RequeueAfter { get; init; }

    public bool GoOn { get; init; }
}
