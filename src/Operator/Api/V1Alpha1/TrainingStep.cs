namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>A step that follows a run, done by a Job. Recorded before the Job exists; one of each task is remembered.</summary>
public sealed record TrainingStep
{
    [Description("What the step does: Publish, Rebase, Prune or PruneModels.")]
    public required string Task { get; init; }

    [Description("Running, Succeeded, Skipped (there was a reason to leave things as they are) or Failed.")]
    public required string State { get; init; }

    [Description("Name of the Job of the step.")]
    public required string JobName { get; init; }

    [Description("Number of the run whose model the step is for.")]
    public required int Run { get; init; }

    [Description(
        "Why the step is done: for Publish, repository and series; for Rebase, the digest of the base; "
        + "for Prune, the image that was published and how many versions stay; for PruneModels, how many runs have left the history.")]
    public required string Cause { get; init; }

    [Description("Generation of the spec at the start of the step.")]
    public long? Generation { get; init; }

    [Description("How often the step has failed for this cause and this generation of the spec. A step that may pass is tried again.")]
    public int? Attempts { get; init; }

    [Description("False: a step that failed is tried again only when the spec changes.")]
    public bool? Retriable { get; init; }

    [Description("True for a transient failure, such as an unreachable registry: a retry may succeed without user action.")]
    public bool? Transient { get; init; }

    [Description("Why the step failed last, in one word.")]
    public string? Reason { get; init; }

    [Description("How the step ended last, in the words of the program that did it.")]
    public string? Message { get; init; }

    [Description("What holds the step up now.")]
    public string? Waiting { get; init; }

    [Description("When the step was decided on.")]
    public DateTimeOffset? Started { get; init; }

    [Description("When the end of the step was recorded.")]
    public DateTimeOffset? Finished { get; init; }
}

/// <summary>What may follow a run.</summary>
public static class StepTask
{
    /// <summary>The newest accepted model becomes a version in the registry.</summary>
    public const string Publish = "Publish";

    /// <summary>The newest published model is put on another base.</summary>
    public const string Rebase = "Rebase";

    /// <summary>The removal of old versions.</summary>
    public const string Prune = "Prune";

    /// <summary>The removal of model folders whose runs have left the history.</summary>
    public const string PruneModels = "PruneModels";
}

/// <summary>States of a <see cref="TrainingStep"/>. All but Running are final; a failed step is replaced by the next attempt.</summary>
public static class StepState
{
    public const string Running = "Running";

    public const string Succeeded = "Succeeded";

    /// <summary>There was a reason to leave things as they are.</summary>
    public const string Skipped = "Skipped";

    public const string Failed = "Failed";
}

/// <summary>What the last removal of old versions found. Of each list the first twenty; the message of the step has the counts.</summary>
public sealed record RetentionStatus
{
    [Description("True: nothing was removed.")]
    public bool? DryRun { get; init; }

    [Description("Versions that were removed.")]
    public IReadOnlyList<string>? Removed { get; init; }

    [Description("Versions that would have been removed.")]
    public IReadOnlyList<string>? Removable { get; init; }

    [Description("Versions that are old enough to be removed and stay, because they or their image are in use.")]
    public IReadOnlyList<string>? InUse { get; init; }
}
