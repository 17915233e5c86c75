using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IrisOperator.TrainerImage;

/// <summary>
/// The end of a run as one JSON object, for the termination message of the pod: never longer than
/// <see cref="MaxBytes"/>, where the kubelet would cut it in the middle. A message that is too long is shortened.
/// </summary>
internal sealed record CompactReport
{
    public const int MaxBytes = 4096;

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
        var bytes = Serialize(this);
        if (bytes.Length <= MaxBytes || Message is null)
        {
            return bytes;
        }
        // The longest prefix that fits, in whole characters (a surrogate pair is one).
        int[] ends = [0, .. Message.EnumerateRunes().Select(r => r.Utf16SequenceLength)];
        for (var i = 1; i < ends.Length; i++)
        {
            ends[i] += ends[i - 1];
        }
        var (fits, tooLong) = (0, ends.Length - 1);
        while (tooLong - fits > 1)
        {
            var middle = (fits + tooLong) / 2;
            (fits, tooLong) = Serialize(Shortened(ends[middle])).Length <= MaxBytes ? (middle, tooLong) : (fits, middle);
        }
        return Serialize(Shortened(ends[fits]));
    }

    private CompactReport Shortened(int length) => this with { Message = Message![..length] + "…" };

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
