using System.Text.Json;
using System.Text.Json.Serialization;

namespace IrisOperator.Learning.Training;

/// <summary>report.json: how good the model is and what it was made from. No time and no path: a second run gives the same bytes.</summary>
internal sealed record ReportDocument(
    int FormatVersion,
    string Outcome,
    string? Message,
    string Algorithm,
    IReadOnlyDictionary<string, string> Parameters,
    ReportData Dataset,
    int Folds,
    int Seed,
    ReportMetrics Metrics,
    IReadOnlyList<double> FoldAccuracies,
    IReadOnlyList<ReportClass> Classes,
    IReadOnlyList<IReadOnlyList<int>> ConfusionMatrix,
    ReportVersions Versions)
{
    public static byte[] Write(ReportInput input)
    {
        var document = new ReportDocument(
            1,
            input.Rejection is null ? "Accepted" : "Rejected",
            input.Rejection,
            input.Options.Algorithm,
            input.Parameters,
            new ReportData(
                input.Dataset.FileName, input.Dataset.Digest, input.Dataset.Target, input.Dataset.Rows.Count, input.Dataset.FeatureNames),
            input.Options.Folds,
            input.Options.Seed,
            new ReportMetrics(input.Metrics.Accuracy, input.Metrics.MacroF1, input.Metrics.LogLoss),
            input.FoldAccuracies,
            [.. input.Metrics.Classes.Select(c => new ReportClass(c.Class, c.Precision, c.Recall, c.F1, c.Rows))],
            input.Metrics.Confusion,
            new ReportVersions(input.Options.TrainerVersion, input.Options.TrainerDigest, input.Library));
        return JsonSerializer.SerializeToUtf8Bytes(document, ReportJsonContext.Default.ReportDocument);
    }
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
