using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IrisOperator.TrainerImage;

/// <summary>
/// The end of a run as one JSON object, for the termination message of the pod (see <see cref="CompactText"/>).
/// </summary>
internal sealed record CompactReport
{
    /// <summary>Quotes and letters as people read them in kubectl; nobody puts this into a web page unescaped.</summary>
    private static readonly CompactJsonContext Readable =
        new(new JsonSerializerOptions(CompactJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public int FormatVersion { get; init; } = 1;

    public required string Outcome { get; init; }

    public string? Reason { get; init; }

    public string? Algorithm { get; init; }

    public string? DatasetDigest { get; init; }

    public string? ModelDigest { get; init; }

    public int? Rows { get; init; }

    public int? Features { get; init; }

    public int? Classes { get; init; }

    public int? Folds { get; init; }

    public int? Seed { get; init; }

    public CompactMetrics? Metrics { get; init; }

    public string? Message { get; init; }

    public bool? Retriable { get; init; }

    public string? Trainer { get; init; }

    public byte[] ToJson()
    {
        return CompactText.Fit(Message, message => Serialize(this with { Message = message }));
    }

    private static byte[] Serialize(CompactReport report)
    {
        return JsonSerializer.SerializeToUtf8Bytes(report, Readable.CompactReport);
    }
}

/// <summary>Four decimals, a point; strings, so that what people see in a status is exactly what was measured.</summary>
internal sealed record CompactMetrics(string Accuracy, string MacroF1, string LogLoss);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CompactReport))]
internal sealed partial class CompactJsonContext : JsonSerializerContext;
