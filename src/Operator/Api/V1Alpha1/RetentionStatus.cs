using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>How the last removal of old versions ended. Of each list the first twenty; the message has the counts.</summary>
public sealed record RetentionStatus
{
    [Description("Succeeded or Failed.")]
    public required string State { get; init; }

    [Description("The image after whose publication it was done, as repository:version@digest.")]
    public required string Image { get; init; }

    [Description("spec.publish.retain as it was.")]
    public required int Retain { get; init; }

    [Description("True: nothing was removed.")]
    public bool? DryRun { get; init; }

    [Description("Generation of the spec that it was done with.")]
    public long? Generation { get; init; }

    [Description("Its Job.")]
    public string? JobName { get; init; }

    [Description("Versions that were removed.")]
    public IReadOnlyList<string>? Removed { get; init; }

    [Description("Versions that would have been removed.")]
    public IReadOnlyList<string>? Removable { get; init; }

    [Description("Versions that are old enough to be removed and stay, because they or their image are in use.")]
    public IReadOnlyList<string>? InUse { get; init; }

    [Description("In one word, why it failed.")]
    public string? Reason { get; init; }

    [Description("In the program's own words.")]
    public string? Message { get; init; }

    [Description("When its end was recorded.")]
    public DateTimeOffset? Time { get; init; }
}
