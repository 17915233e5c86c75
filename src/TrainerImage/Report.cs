using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IrisOperator.TrainerImage;

/// <summary>How a command ended, as one JSON object: standard output and the termination message. What does not apply is absent.</summary>
internal sealed record Report
{
    public const string Failed = nameof(Failed);

    /// <summary>The kubelet would cut a longer one in the middle. Only the message has no bound of its own, so that is cut.</summary>
    public const int MaxBytes = 4096;

    // Two lists of this, a message and the rest have to fit.
    private const int MaxListBytes = 1_000;
    private const int MaxListed = 20;

    /// <summary>Quotes and letters as people read them in kubectl; nobody puts this into a web page unescaped.</summary>
    private static readonly ReportJsonContext _readable =
        new(new JsonSerializerOptions(ReportJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public int FormatVersion { get; init; } = 1;
    public required string Outcome { get; init; }
    public string? Repository { get; init; }
    public string? Version { get; init; }
    public string? Digest { get; init; }
    public IReadOnlyList<string>? Removed { get; init; }
    public int? RemovedCount { get; init; }
    public IReadOnlyList<string>? Removable { get; init; }
    public int? RemovableCount { get; init; }
    public IReadOnlyList<string>? InUse { get; init; }
    public int? InUseCount { get; init; }
    public string? Reason { get; init; }
    public string? Algorithm { get; init; }
    public string? DatasetDigest { get; init; }
    public string? ModelDigest { get; init; }
    public string? BaseDigest { get; init; }
    public int? Rows { get; init; }
    public int? Features { get; init; }
    public int? Classes { get; init; }
    public int? Folds { get; init; }
    public int? Seed { get; init; }
    public ReportMetrics? Metrics { get; init; }
    public string? Message { get; init; }
    public bool? Retriable { get; init; }
    public string? Trainer { get; init; }

    /// <summary>The first of a list, as many as fit; the counts are about all.</summary>
    public static IReadOnlyList<string> Shown(IEnumerable<string> versions)
    {
        var bytes = 0;
        return [.. versions.Take(MaxListed).TakeWhile(version => (bytes += version.Length + 3) <= MaxListBytes)];
    }

    /// <summary>With the whole message, or the longest beginning that fits.</summary>
    public byte[] ToJson()
    {
        var json = Serialize(Message);
        var (fits, tooLong) = (0, Encoding.UTF8.GetByteCount(Message ?? ""));
        while (json.Length > MaxBytes && tooLong - fits > 1)
        {
            var middle = (fits + tooLong) / 2;
            (fits, tooLong) = Serialize(Text.TruncateUtf8(Message!, middle)).Length > MaxBytes ? (fits, middle) : (middle, tooLong);
        }
        return json.Length > MaxBytes && Message is not null ? Serialize(Text.TruncateUtf8(Message, fits)) : json;
    }

    private byte[] Serialize(string? message) => JsonSerializer.SerializeToUtf8Bytes(this with { Message = message }, _readable.Report);
}

/// <summary>Four decimals, a point; strings, so that what people see in a status is exactly what was measured.</summary>
internal sealed record ReportMetrics(string Accuracy, string MacroF1, string LogLoss);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Report))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;
