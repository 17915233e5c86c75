using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IrisOperator.TrainerImage;

/// <summary>The report as one JSON object: standard output and the termination message.</summary>
internal static class ReportWriter
{
    // Two lists of this, a message and the rest have to fit.
    private const int MaxListBytes = 1_000;
    private const int MaxListed = 20;

    /// <summary>Quotes and letters as people read them in kubectl; nobody puts this into a web page unescaped.</summary>
    private static readonly ReportJsonContext _readable =
        new(new JsonSerializerOptions(ReportJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The first of a list, as many as fit; the counts are about all.</summary>
    public static IReadOnlyList<string> Shown(IEnumerable<string> names)
    {
        var bytes = 0;
        return [.. names.Take(MaxListed).TakeWhile(name => (bytes += name.Length + 3) <= MaxListBytes)];
    }

    /// <summary>With the whole message, or the longest beginning that fits: only the message has no bound of its own.</summary>
    public static byte[] ToJson(this StepReport report)
    {
        var json = Serialize(report, report.Message);
        var (fits, tooLong) = (0, Encoding.UTF8.GetByteCount(report.Message ?? ""));
        while (json.Length > StepReport.MaxBytes && tooLong - fits > 1)
        {
            var middle = (fits + tooLong) / 2;
            var isTooLong = Serialize(report, Text.TruncateUtf8(report.Message!, middle)).Length > StepReport.MaxBytes;
            (fits, tooLong) = isTooLong ? (fits, middle) : (middle, tooLong);
        }
        return json.Length > StepReport.MaxBytes && report.Message is { } message
            ? Serialize(report, Text.TruncateUtf8(message, fits))
            : json;
    }

    private static byte[] Serialize(StepReport report, string? message) =>
        JsonSerializer.SerializeToUtf8Bytes(report with { Message = message }, report.GetType(), _readable);
}

/// <summary>The report of a training, with what only people read.</summary>
internal sealed record TrainReport : StepReport
{
    public string? Algorithm { get; init; }
    public int? Rows { get; init; }
    public int? Features { get; init; }
    public int? Classes { get; init; }
    public int? Folds { get; init; }
    public int? Seed { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StepReport))]
[JsonSerializable(typeof(TrainReport))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;
