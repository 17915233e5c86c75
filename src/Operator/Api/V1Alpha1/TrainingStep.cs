namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>A step that follows a run, done by a Job. Recorded before the Job exists, and gone once its end is recorded.</summary>
public sealed record TrainingStep
{
    [Description("What is done: Publish, Rebase or Prune.")]
    public required string Task { get; init; }

    [Description("Name of the Job of the step.")]
    public required string JobName { get; init; }

    [Description("Number of the run whose publication it is for.")]
    public required int Run { get; init; }

    [Description(
        "Why the step is done: for Publish, repository and series; for Rebase, the digest of the base; "
        + "for Prune, the image that was published and how many versions stay.")]
    public required string Cause { get; init; }

    [Description("Generation of the spec at the start of the step.")]
    public long? Generation { get; init; }

    [Description("When the step was decided on.")]
    public DateTimeOffset? Started { get; init; }

    [Description("What holds the step up.")]
    public string? Message { get; init; }
}

/// <summary>What may follow a run.</summary>
public static class StepTask
{
    /// <summary>The newest accepted model becomes a version in the registry.</summary>
    public const string Publish = "Publish";

    /// <summary>The same model on another base.</summary>
    public const string Rebase = "Rebase";

    /// <summary>The removal of old versions.</summary>
    public const string Prune = "Prune";
}

/// <summary>How a step ended.</summary>
public static class StepState
{
    public const string Succeeded = "Succeeded";

    /// <summary>There was a reason to leave things as they are.</summary>
    public const string Skipped = "Skipped";

    public const string Failed = "Failed";
}

/// <summary>How the last rebase ended. The image that it made is in the publication of its run.</summary>
public sealed record RebaseStatus
{
    [Description("Succeeded, Skipped (another model is the newest version) or Failed.")]
    public required string State { get; init; }

    [Description("Number of the run whose model it was.")]
    public required int Run { get; init; }

    [Description("Digest of the base image that the rebase was for.")]
    public required string BaseDigest { get; init; }

    [Description("Generation of the spec that the rebase was done with.")]
    public long? Generation { get; init; }

    [Description("Name of the Job of the rebase.")]
    public string? JobName { get; init; }

    [Description("Why the rebase failed, in one word.")]
    public string? Reason { get; init; }

    [Description("How the rebase ended, in the publisher's words.")]
    public string? Message { get; init; }

    [Description("When the end of the rebase was recorded.")]
    public DateTimeOffset? Time { get; init; }
}

/// <summary>How the last removal of old versions ended. Of each list the first twenty; the message has the counts.</summary>
public sealed record RetentionStatus
{
    [Description("Succeeded or Failed.")]
    public required string State { get; init; }

    [Description("Image after whose publication old versions were removed, as repository:version@digest.")]
    public required string Image { get; init; }

    [Description("spec.publish.retain as it was.")]
    public required int Retain { get; init; }

    [Description("True: nothing was removed.")]
    public bool? DryRun { get; init; }

    [Description("Generation of the spec that the removal was done with.")]
    public long? Generation { get; init; }

    [Description("Name of the Job of the removal.")]
    public string? JobName { get; init; }

    [Description("Versions that were removed.")]
    public IReadOnlyList<string>? Removed { get; init; }

    [Description("Versions that would have been removed.")]
    public IReadOnlyList<string>? Removable { get; init; }

    [Description("Versions that are old enough to be removed and stay, because they or their image are in use.")]
    public IReadOnlyList<string>? InUse { get; init; }

    [Description("Why the removal failed, in one word.")]
    public string? Reason { get; init; }

    [Description("How the removal ended, in the program's words.")]
    public string? Message { get; init; }

    [Description("When the end of the removal was recorded.")]
    public DateTimeOffset? Time { get; init; }
}
