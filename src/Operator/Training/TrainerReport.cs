using System.Text.Json;
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

    /// <returns>Null when the message is not a report; a trainer that crashed leaves the end of its log instead.</returns>
    public static TrainerReport? Parse(string? message)
    {
        if (message is null || !message.AsSpan().TrimStart().StartsWith("{", StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(message, TrainingJsonContext.Default.TrainerReport);
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
        { ModelDigest: var digest } when digest is null || !Digest().IsMatch(digest) => $"its modelDigest is \"{digest}\"",
        { DatasetDigest: { } digest } when !Digest().IsMatch(digest) => $"its datasetDigest is \"{digest}\"",
        { Metrics.Count: > MaxMetrics } => "it has more than 20 metrics",
        _ => null,
    };

    /// <summary>Fit to be the reason of a condition.</summary>
    public string ReasonOr(string fallback) => Reason is not null && CamelCase().IsMatch(Reason) ? Reason : fallback;

    [GeneratedRegex("^sha256:[0-9a-f]{64}$")]
    private static partial Regex Digest();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]{0,62}$")]
    private static partial Regex CamelCase();
}
