namespace IrisOperator.Operator.Training;

/// <summary>Something to be done by a job for the newest image, once its run has ended. Pure, as the rules are.</summary>
internal interface IUpkeepTask
{
    /// <summary>One of <see cref="UpkeepTask"/>.</summary>
    public string Name { get; }

    /// <summary>
    /// Null while there is nothing to do, or what there is was tried already. Generation and start are the caller's to set.
    /// </summary>
    public Upkeep? Due(TrainingContext context);

    /// <summary>False stops one that is going on.</summary>
    public bool IsWanted(TrainingContext context, Upkeep upkeep);

    public V1Job Build(TrainingContext context, Upkeep upkeep);

    /// <summary>Records how it ended.</summary>
    public TrainingDecision End(TrainingContext context, Upkeep upkeep, UpkeepReading reading);
}
