using System.Text.Json;

namespace IrisOperator.Operator.Training;

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

    /// <returns>Null when the message is not a report.</returns>
    public static PruneReport? Parse(string? message)
    {
        try
        {
            return message is null ? null : JsonSerializer.Deserialize(message, TrainingJsonContext.Default.PruneReport);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Fit for a status; null for an empty list.</summary>
    public static IReadOnlyList<string>? Listed(IReadOnlyList<string>? versions) =>
        versions is { Count: > 0 } ? [.. versions.Where(version => version.Length <= MaxTag).Take(MaxListed)] : null;
}
