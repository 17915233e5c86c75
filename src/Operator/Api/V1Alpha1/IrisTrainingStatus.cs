namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>What became of the spec. Runs are in the order of their numbers.</summary>
public sealed record IrisTrainingStatus
{
    [Description("Generation of the spec that the rest of the status belongs to.")]
    public long? ObservedGeneration { get; init; }

    [Description("Number of the newest run.")]
    public int? Run { get; init; }

    [Description("Cross-validated accuracy of the newest run that was judged.")]
    public string? Accuracy { get; init; }

    [Description("Digest of the newest accepted model.")]
    public string? ModelDigest { get; init; }

    [Description("The newest image, as repository:version@digest.")]
    public string? Image { get; init; }

    [Description("Value of the annotation iris-operator.dev/run that the newest run belongs to.")]
    public string? Requested { get; init; }

    [ListMapKey("task")]
    [Description("The steps that follow a run, one entry for each task: what goes on, or how it ended last.")]
    public IReadOnlyList<TrainingStep>? Steps { get; init; }

    [Description("Versions that the last removal of old versions removed, or would have removed.")]
    public RetentionStatus? Retention { get; init; }

    [ListMapKey("type")]
    [Description("Conditions, Ready first: the message of Ready says how the runs stand, and what to do.")]
    public IReadOnlyList<V1Condition>? Conditions { get; init; }

    [Description("The runs, oldest first.")]
    public IReadOnlyList<TrainingRun>? Runs { get; init; }
}

/// <summary>
/// One run. Final once its state is not Running: nothing that happens to its Job afterwards changes it.
/// Only a publication is added later, and replaced.
/// </summary>
public sealed record TrainingRun
{
    [Description("Number of the run. The first is 1; a run that was stopped by spec.suspend starts again under its number.")]
    public required int Number { get; init; }

    [Description("The Job of the run.")]
    public required string JobName { get; init; }

    [Description("Jobs of the attempts of the run that failed and were followed by another one, oldest first. Their pods have the logs.")]
    public IReadOnlyList<string>? FailedJobs { get; init; }

    [Description("When the next attempt of the run starts, after one that failed.")]
    public DateTimeOffset? RetryTime { get; init; }

    [Description("How long, in seconds, its failed attempts were suspended by somebody else, such as a queue; no deadline counts that.")]
    public long? SuspendedSeconds { get; init; }

    [Description("Hash of everything that decides what the run learns. Another hash is another run.")]
    public required string InputsHash { get; init; }

    [Description("Generation of the spec at the start of the run.")]
    public long? Generation { get; init; }

    [Description("Running, Accepted, Rejected, Failed or Superseded.")]
    public required string State { get; init; }

    [Description(
        "While the run goes on: Starting (its pod waits for a queue, a node, a volume or an image), Training, or Packaging (what a trainer "
        + "with a command of its own left is judged).")]
    public string? Stage { get; init; }

    [Description("Since when the run has been in this stage.")]
    public DateTimeOffset? StageStarted { get; init; }

    [Description("When the run was decided on.")]
    public DateTimeOffset? Started { get; init; }

    [Description("When the end of the run was recorded.")]
    public DateTimeOffset? Finished { get; init; }

    [Description("Why the run ended as it did, in one word.")]
    public string? Reason { get; init; }

    [Description("The trainer's own words, or what became of its pod.")]
    public string? Message { get; init; }

    [Description("The claim that holds the model.")]
    public string? ClaimName { get; init; }

    [Description("Folder of the model inside the claim.")]
    public string? ModelPath { get; init; }

    [Description("Access mode of the claim: one that only one node can mount keeps the serving pods together.")]
    public string? ClaimAccessMode { get; init; }

    [Description("Image of the trainer.")]
    public string? Image { get; init; }

    [Description("Digest of the data that was read.")]
    public string? DatasetDigest { get; init; }

    [Description("Digest of the model that was written.")]
    public string? ModelDigest { get; init; }

    [Description("False: the model was accepted and cannot be served, such as a pickle; the message says what to export instead.")]
    public bool? Servable { get; init; }

    [Description("What became of the model in the registry; absent where nothing was published.")]
    public Publication? Publication { get; init; }

    [Description("Cross-validated metrics, as strings.")]
    public IReadOnlyDictionary<string, string>? Metrics { get; init; }
}

/// <summary>States of a <see cref="TrainingRun"/>. All but Running are final.</summary>
public static class RunState
{
    public const string Running = "Running";

    public const string Accepted = Outcome.Accepted;

    /// <summary>Trained, and below what evaluation.require asks. Never served.</summary>
    public const string Rejected = Outcome.Rejected;

    public const string Failed = "Failed";

    /// <summary>The inputs changed while it ran.</summary>
    public const string Superseded = "Superseded";

    /// <summary>True for a run whose model was trained and measured.</summary>
    public static bool IsJudged(string? state) => state is Accepted or Rejected;
}

/// <summary>What became of a run's model in the registry.</summary>
public sealed record Publication
{
    [Description("Published, or Unchanged: the model was the newest version already.")]
    public required string State { get; init; }

    [Description("Registry and path of the repository.")]
    public required string Repository { get; init; }

    [Description("Series of versions that the model was published in: spec.publish.version as it was.")]
    public string? Series { get; init; }

    [Description("Version that the model got, or had.")]
    public string? Version { get; init; }

    [Description("Digest of the image.")]
    public string? Digest { get; init; }

    [Description("Digest of the serving image under the model.")]
    public string? BaseDigest { get; init; }

    [Description("The publisher's own words.")]
    public string? Message { get; init; }

    [Description("When the end of the publication was recorded.")]
    public DateTimeOffset? Time { get; init; }
}
