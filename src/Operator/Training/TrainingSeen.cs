namespace IrisOperator.Operator.Training;

/// <summary>Everything that one pass knows. Absent things are null; nothing is read after this was made.</summary>
public sealed record TrainingSeen
{
    public required IrisTraining Training { get; init; }

    /// <summary>Null where the spec names none, or where it does not exist.</summary>
    public V1PersistentVolumeClaim? DatasetClaim { get; init; }

    /// <summary>Null while it is not needed.</summary>
    public bool? DatasetConfigMapExists { get; init; }

    public V1PersistentVolumeClaim? OutputClaim { get; init; }

    /// <summary>All that the training controls, the one of the running run included.</summary>
    public IReadOnlyList<V1Job> Jobs { get; init; } = [];

    /// <summary>What the base of publications means now; null where nobody wants to know, or it is one image for ever.</summary>
    public ImageView? Base { get; init; }

    /// <summary>All models of all namespaces in scope, read live just before a job that removes images is made; else empty.</summary>
    public IReadOnlyList<IrisModel> Models { get; init; } = [];

    /// <summary>All trainings, for the same.</summary>
    public IReadOnlyList<IrisTraining> Trainings { get; init; } = [];

    /// <summary>Pods of the job that is going on, by name. Read live when the cached ones do not tell how a finished job ended.</summary>
    public IReadOnlyList<V1Pod> Pods { get; init; } = [];

    /// <summary>Warnings about pods that do not start.</summary>
    public IReadOnlyList<Corev1Event> Events { get; init; } = [];

    /// <summary>What the server had against the plan that this pass made first.</summary>
    public Refusal? Refusal { get; init; }

    public IReadOnlyList<TrainingRun> Runs => Training.Status?.Runs ?? [];

    public TrainingRun? LastRun => Runs.Count == 0 ? null : Runs[^1];

    public TrainingRun? LastAccepted => Runs.LastOrDefault(run => run.State == RunState.Accepted);

    /// <summary>The job of the last run, if it is there and the training controls it.</summary>
    public V1Job? Job => Own(LastRun?.JobName);

    /// <summary>What is done beside the runs; null while nothing is.</summary>
    public Upkeep? Upkeep => Training.Status?.Upkeep;

    /// <summary>Its job, if it is there and the training controls it.</summary>
    public V1Job? UpkeepJob => Own(Upkeep?.JobName);

    private V1Job? Own(string? name) =>
        name is null ? null : Jobs.FirstOrDefault(job => job.Metadata.Name == name && job.IsControlledBy(Training));
}
