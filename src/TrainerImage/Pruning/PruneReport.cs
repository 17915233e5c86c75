using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IrisOperator.TrainerImage.Pruning;

/// <summary>
/// The end of a removal as one JSON object, for the termination message of the pod (see <see cref="CompactText"/>). Lists name the first
/// versions only; the counts are about all.
/// </summary>
internal sealed record PruneReport
{
    public const string Pruned = nameof(Pruned);

    /// <summary>Nothing was removed, for that was asked.</summary>
    public const string DryRun = nameof(DryRun);

    public const string Failed = nameof(Failed);

    // Two lists of this, a message and the rest have to fit.
    private const int MaxListBytes = 1_000;
    private const int MaxListed = 20;

    /// <summary>As people read it in kubectl.</summary>
    private static readonly PruneJsonContext _readable =
        new(new JsonSerializerOptions(PruneJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public int FormatVersion { get; init; } = 1;

    public required string Outcome { get; init; }

    public string? Repository { get; init; }

    public IReadOnlyList<string>? Removed { get; init; }

    public int? RemovedCount { get; init; }

    public IReadOnlyList<string>? Removable { get; init; }

    public int? RemovableCount { get; init; }

    public IReadOnlyList<string>? InUse { get; init; }

    public int? InUseCount { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public bool? Retriable { get; init; }

    /// <summary>The first of a list, as many as fit.</summary>
    public static IReadOnlyList<string> Shown(IEnumerable<string> versions)
    {
        var bytes = 0;
        return [.. versions.Take(MaxListed).TakeWhile(version => (bytes += version.Length + 3) <= MaxListBytes)];
    }

    public byte[] ToJson() => CompactText.Fit(
        Message, message => JsonSerializer.SerializeToUtf8Bytes(this with { Message = message }, _readable.PruneReport));
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PruneReport))]
internal sealed partial class PruneJsonContext : JsonSerializerContext;
