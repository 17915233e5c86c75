using System.Text.Json;

namespace IrisOperator.Operator.Training;

/// <summary>What the publisher leaves as termination message (docs/spec/image.md).</summary>
public sealed record PublishReport
{
    public string? Outcome { get; init; }

    public string? Version { get; init; }

    public string? Digest { get; init; }

    public string? BaseDigest { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public bool? Retriable { get; init; }

    /// <returns>Null when the message is not a report.</returns>
    public static PublishReport? Parse(string? message)
    {
        try
        {
            return message is null ? null : JsonSerializer.Deserialize(message, TrainingJsonContext.Default.PublishReport);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The end of a publication that was Pending.</summary>
    public static Publication End(Publication pending, PublishReport? report, string otherwise) => report switch
    {
        { Outcome: PublicationState.Published or PublicationState.Unchanged }
            when Common.Digest.TryParse(report.Digest, out _) => pending with
            {
                State = report.Outcome,
                Version = report.Version,
                Digest = report.Digest,
                BaseDigest = report.BaseDigest,
                Message = report.Message,
            },
        { Outcome: PublicationState.Skipped } => pending with { State = PublicationState.Skipped, Message = report.Message },
        _ => pending with
        {
            State = PublicationState.Failed,
            Reason = report?.Reason ?? "PublisherFailed",
            Message = report?.Message ?? otherwise,
        },
    };
}
