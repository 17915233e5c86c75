using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IrisOperator.TrainerImage.Publishing;

/// <summary>
/// The end of a publication as one JSON object, for the termination message of the pod (see <see cref="CompactText"/>).
/// </summary>
internal sealed record PublishReport
{
    /// <summary>As people read it in kubectl.</summary>
    private static readonly PublishJsonContext _readable =
        new(new JsonSerializerOptions(PublishJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public int FormatVersion { get; init; } = 1;

    /// <summary>One of <see cref="PublishOutcome"/>.</summary>
    public required string Outcome { get; init; }

    public string? Repository { get; init; }

    public string? Version { get; init; }

    /// <summary>Of the manifest or index that the version is.</summary>
    public string? Digest { get; init; }

    public string? ModelDigest { get; init; }

    public string? BaseDigest { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public bool? Retriable { get; init; }

    public byte[] ToJson() => CompactText.Fit(
        Message, message => JsonSerializer.SerializeToUtf8Bytes(this with { Message = message }, _readable.PublishReport));
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PublishReport))]
internal sealed partial class PublishJsonContext : JsonSerializerContext;
