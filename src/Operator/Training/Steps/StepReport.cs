using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace IrisOperator.Operator.Training.Steps;

/// <summary>
/// What the program of a step leaves as termination message, at most 4096 bytes of JSON (docs/spec/iristraining.md and image.md); what
/// does not apply is absent. Any image may be the trainer: nothing in it is trusted.
/// </summary>
public sealed partial record StepReport
{
    private const int MaxMetrics = 20;
    private const int MaxListed = 20;
    private const int MaxTag = 128;

    public string? Outcome { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    /// <summary>False: the same input will fail again.</summary>
    public bool? Retriable { get; init; }

    public string? DatasetDigest { get; init; }

    public string? ModelDigest { get; init; }

    public IReadOnlyDictionary<string, string>? Metrics { get; init; }

    public string? Version { get; init; }

    public string? Digest { get; init; }

    public string? BaseDigest { get; init; }

    public IReadOnlyList<string>? Removed { get; init; }

    public IReadOnlyList<string>? Removable { get; init; }

    public IReadOnlyList<string>? InUse { get; init; }

    /// <returns>Null when the message is not a report: a program that crashed leaves the end of its log instead.</returns>
    public static StepReport? Parse(string? message)
    {
        try
        {
            return message?.TrimStart().StartsWith('{') == true
                ? JsonSerializer.Deserialize(message, StepReportJson.Default.StepReport)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <returns>Null when the report is that of a finished model, else what is wrong with it.</returns>
    public string? FindFlaw() => this switch
    {
        { Outcome: not ("Accepted" or "Rejected") } => $"its outcome is \"{Outcome}\"",
        { ModelDigest: var digest } when !Common.Digest.TryParse(digest, out _) => $"its modelDigest is \"{digest}\"",
        { DatasetDigest: { } digest } when !Common.Digest.TryParse(digest, out _) => $"its datasetDigest is \"{digest}\"",
        { Metrics.Count: > MaxMetrics } => "it has more than 20 metrics",
        _ => null,
    };

    /// <summary>Fit to be the reason of a condition.</summary>
    public string ReasonOr(string fallback) => Reason is not null && CamelCase().IsMatch(Reason) ? Reason : fallback;

    /// <summary>A list of versions, fit for a status; null for an empty one.</summary>
    public static IReadOnlyList<string>? Listed(IReadOnlyList<string>? versions) =>
        versions is { Count: > 0 } ? [.. versions.Where(version => version.Length <= MaxTag).Take(MaxListed)] : null;

    /// <returns>Null where nothing is published.</returns>
    public Publication? ToPublication(PublishSpec publish, DateTimeOffset now) =>
        Outcome is PublicationState.Published or PublicationState.Unchanged && Common.Digest.TryParse(Digest, out _)
            ? new Publication
            {
                State = Outcome,
                Repository = publish.Repository,
                Series = publish.Version,
                Version = Version,
                Digest = Digest,
                BaseDigest = BaseDigest,
                Message = Message,
                Time = now,
            }
            : null;

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]{0,62}$")]
    private static partial Regex CamelCase();
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(StepReport))]
internal sealed partial class StepReportJson : JsonSerializerContext;
