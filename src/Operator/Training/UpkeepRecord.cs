namespace IrisOperator.Operator.Training;

/// <summary>What the status says of upkeep: what is going on, and how each task ended last.</summary>
internal sealed record UpkeepRecord(Upkeep? Running, RebaseStatus? Rebase, RetentionStatus? Retention)
{
    public static UpkeepRecord Of(IrisTraining training) =>
        new(training.Status?.Upkeep, training.Status?.Rebase, training.Status?.Retention);
}
