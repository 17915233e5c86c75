using System.Text.RegularExpressions;

namespace IrisOperator.Operator.Training.Steps;

/// <summary>What the operator takes from a report, none of which it trusts.</summary>
internal static partial class StepReportExtensions
{
    private const int MaxMetrics = 20;
    private const int MaxListed = 20;
    private const int MaxTag = 128;

    /// <returns>Null when the report is that of a finished model, else what is wrong with it.</returns>
    public static string? Validate(this StepReport report) => report switch
    {
        { Outcome: not (Outcome.Accepted or Outcome.Rejected) } => $"its outcome is \"{report.Outcome}\"",
        { ModelDigest: var digest } when !Digest.TryParse(digest, out _) => $"its modelDigest is \"{digest}\"",
        { DatasetDigest: { } digest } when !Digest.TryParse(digest, out _) => $"its datasetDigest is \"{digest}\"",
        { Metrics.Count: > MaxMetrics } => "it has more than 20 metrics",
        _ => null,
    };

    /// <summary>Fit to be the reason of a condition.</summary>
    public static string ReasonOr(this StepReport report, string fallback) =>
        report.Reason is { } reason && CamelCase().IsMatch(reason) ? reason : fallback;

    /// <summary>A list of versions, fit for a status; null for an empty one.</summary>
    public static IReadOnlyList<string>? Listed(IReadOnlyList<string>? versions) =>
        versions is { Count: > 0 } ? [.. versions.Where(version => version.Length <= MaxTag).Take(MaxListed)] : null;

    /// <returns>Null where nothing is published.</returns>
    public static Publication? ToPublication(this StepReport report, PublishSpec publish, DateTimeOffset now) =>
        report.Outcome is Outcome.Published or Outcome.Unchanged && Digest.TryParse(report.Digest, out _)
            ? new Publication
            {
                State = report.Outcome,
                Repository = publish.Repository,
                Series = publish.Version,
                Version = report.Version,
                Digest = report.Digest,
                BaseDigest = report.BaseDigest,
                Message = report.Message,
                Time = now,
            }
            : null;

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]{0,62}$")]
    private static partial Regex CamelCase();
}
