using System.Text.Json;
using System.Text.Json.Serialization;

namespace IrisOperator.Contracts;

/// <summary>
/// What the program of a step leaves as termination message: one JSON object of at most <see cref="MaxBytes"/>
/// (docs/spec/iristraining.md and image.md). What does not apply is absent.
/// </summary>
/// <remarks>Any image may be the trainer, so a reader checks what it uses, and passes over members that it does not know.</remarks>
public record StepReport
{
    /// <summary>The kubelet cuts a longer message in the middle.</summary>
    public const int MaxBytes = 4096;

    [JsonPropertyOrder(-2)]
    public int FormatVersion { get; } = 1;

    /// <summary>One of <see cref="Contracts.Outcome"/>.</summary>
    [JsonPropertyOrder(-1)]
    public string? Outcome { get; init; }
    public string? Repository { get; init; }
    public string? Version { get; init; }

    /// <summary>Of the published image.</summary>
    public string? Digest { get; init; }

    /// <summary>Of this list and the next two the first that fit; the counts are about all.</summary>
    public IReadOnlyList<string>? Removed { get; init; }
    public int? RemovedCount { get; init; }

    /// <summary>What a dry run would have removed.</summary>
    public IReadOnlyList<string>? Removable { get; init; }
    public int? RemovableCount { get; init; }

    /// <summary>Old enough to be removed, and still used.</summary>
    public IReadOnlyList<string>? InUse { get; init; }
    public int? InUseCount { get; init; }

    /// <summary>Why it failed, in one word of camel case.</summary>
    public string? Reason { get; init; }
    public string? DatasetDigest { get; init; }
    public string? ModelDigest { get; init; }
    public string? BaseDigest { get; init; }

    /// <summary>Four decimals and a point, so that a status shows exactly what was measured.</summary>
    public IReadOnlyDictionary<string, string>? Metrics { get; init; }
    public string? Message { get; init; }

    /// <summary>False: an accepted model that the server cannot serve, such as a pickle; null for any other.</summary>
    public bool? Servable { get; init; }

    /// <summary>False: the same input will fail again.</summary>
    public bool? Retriable { get; init; }

    /// <summary>True for a transient failure, such as an unreachable registry: a retry may succeed without user action.</summary>
    public bool? Transient { get; init; }

    /// <summary>Version of the program that trained.</summary>
    public string? Trainer { get; init; }

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
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(StepReport))]
internal sealed partial class StepReportJson : JsonSerializerContext;
