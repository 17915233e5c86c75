namespace IrisOperator.Operator.Training;

/// <summary>How far a run that goes on has come, as its pods tell.</summary>
internal static class RunStage
{
    /// <summary>No pod of the run works yet: it waits for a queue, a node, a volume or an image.</summary>
    public const string Starting = "Starting";

    /// <summary>The trainer works.</summary>
    public const string Training = "Training";

    /// <summary>What a trainer of the user left is taken over and judged.</summary>
    public const string Packaging = "Packaging";

    /// <returns>The runs, of which only one that goes on has a stage.</returns>
    public static IReadOnlyList<TrainingRun> Mark(IReadOnlyList<TrainingRun> runs, ObservedJob job) =>
    [
        .. runs.Select(run => run.State != RunState.Running ? run with { Stage = null, StageStarted = null }
            : job.AtWork is { } work && job.Job?.Metadata.Name == run.JobName
                ? run with
                {
                    Stage = work.Name == StepContainer.Package ? Packaging : Training,
                    StageStarted = work.State!.Running!.StartedAt,
                }
            : run with { Stage = Starting, StageStarted = run.Started }),
    ];
}
