using System.Text.Json;
using System.Text.Json.Serialization;

namespace IrisOperator.Learning.Training;

/// <summary>report.json: how good the model is and what it was made from. No time and no path: a second run gives the same bytes.</summary>
internal sealed record ReportDocument(
    int FormatVersion, string Outcome, string? Message, string Algorithm, IReadOnlyDictionary<string, string> Parameters,
    ReportData Dataset, int Folds, int Seed, ReportMetrics Metrics, IReadOnlyList<double> FoldAccuracies,
    IReadOnlyList<ReportClass> Classes, IReadOnlyList<IReadOnlyList<int>> ConfusionMatrix, ReportVersions Versions)
{
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, ReportJsonContext.Default.ReportDocument);
}

internal sealed record ReportData(string File, string Digest, string Target, int Rows, IReadOnlyList<string> Features);

internal sealed record ReportMetrics(double Accuracy, double MacroF1, double LogLoss);

internal sealed record ReportClass(string Name, double Precision, double Recall, double F1, int Rows);

internal sealed record ReportVersions(string Trainer, string? TrainerDigest, string Library);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(ReportDocument))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;
