using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace IrisOperator.Operator.Training;

/// <summary>
/// What a trainer leaves as termination message, at most 4096 bytes of JSON. Any image may be the trainer: nothing in it is trusted.
/// </summary>
public sealed partial record TrainerReport
{
    private const int MaxMetrics = 20;

    public int? FormatVersion { get; init; }

    /// <summary>Accepted, Rejected or Failed.</summary>
    public string? Outcome { get; init; }

    public string? DatasetDigest { get; init; }

    public string? ModelDigest { get; init; }

    public IReadOnlyDictionary<string, string>? Metrics { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    /// <summary>False: the same input will fail again.</summary>
    public bool? Retriable { get; init; }

    public static TrainerReport? Parse(string? message) =>
        TrainingJsonContext.Parse(message, TrainingJsonContext.Default.TrainerReport);

    /// <returns>Null when the report is that of a finished model, else what is wrong with it.</returns>
    public string? FindFlaw() => this switch
    {
        { Outcome: not ("Accepted" or "Rejected") } => $"its outcome is \"{Outcome}\"",
        { ModelDigest: var digest } when !Digest.TryParse(digest, out _) => $"its modelDigest is \"{digest}\"",
        { DatasetDigest: { } digest } when !Digest.TryParse(digest, out _) => $"its datasetDigest is \"{digest}\"",
        { Metrics.Count: > MaxMetrics } => "it has more than 20 metrics",
        _ => null,
    };

    /// <summary>Fit to be the reason of a condition.</summary>
    public string ReasonOr(string fallback) => Reason is not null && CamelCase().IsMatch(Reason) ? Reason : fallback;

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]{0,62}$")]
    private static partial Regex CamelCase();
}

/// <summary>What the publisher leaves as termination message (docs/spec/image.md).</summary>
public sealed record PublishReport
{
    public string? Outcome { get; init; }

    public string? Version { get; init; }

    public string? Digest { get; init; }

    public string? BaseDigest { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    /// <summary>False: the same publication will fail again.</summary>
    public bool? Retriable { get; init; }

    public static PublishReport? Parse(string? message) =>
        TrainingJsonContext.Parse(message, TrainingJsonContext.Default.PublishReport);

    /// <summary>Another model is the newest version, so nothing was done.</summary>
    public bool IsSkipped => Outcome == "Skipped";

    /// <summary>The publication with what the report adds to it.</summary>
    public static Publication End(Publication publication, PublishReport? report, string otherwise) => report switch
    {
        { Outcome: PublicationState.Published or PublicationState.Unchanged }
            when Common.Digest.TryParse(report.Digest, out _) => publication with
            {
                State = report.Outcome,
                Version = report.Version,
                Digest = report.Digest,
                BaseDigest = report.BaseDigest,
                Message = report.Message,
            },
        { IsSkipped: true } => publication with { Message = report.Message },
        _ => publication with
        {
            State = PublicationState.Failed,
            Reason = report?.Reason ?? "PublisherFailed",
            Message = report?.Message ?? otherwise,
        },
    };
}

/// <summary>What <c>train prune</c> leaves as termination message (docs/spec/image.md).</summary>
public sealed record PruneReport
{
    private const int MaxListed = 20;
    private const int MaxTag = 128;

    public string? Outcome { get; init; }

    public IReadOnlyList<string>? Removed { get; init; }

    public IReadOnlyList<string>? Removable { get; init; }

    public IReadOnlyList<string>? InUse { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public bool IsSuccess => Outcome is "Pruned" or "DryRun";

    public static PruneReport? Parse(string? message) =>
        TrainingJsonContext.Parse(message, TrainingJsonContext.Default.PruneReport);

    /// <summary>Fit for a status; null for an empty list.</summary>
    public static IReadOnlyList<string>? Listed(IReadOnlyList<string>? versions) =>
        versions is { Count: > 0 } ? [.. versions.Where(version => version.Length <= MaxTag).Take(MaxListed)] : null;
}

/// <summary>JSON that trainers and publishers write.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(TrainerReport))]
[JsonSerializable(typeof(PublishReport))]
[JsonSerializable(typeof(PruneReport))]
internal sealed partial class TrainingJsonContext : JsonSerializerContext
{
    /// <returns>Null when the message is not a report: a program that crashed leaves the end of its log instead.</returns>
    public static T? Parse<T>(string? message, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return message?.TrimStart().StartsWith('{') == true ? JsonSerializer.Deserialize(message, type) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
