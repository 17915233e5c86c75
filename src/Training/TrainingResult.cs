using System.Text.Json;
using IrisOperator.Learning.Format;
using IrisOperator.Training.Data;
using IrisOperator.Training.Evaluation;

namespace IrisOperator.Training;

/// <summary>A trained model, not yet on disk.</summary>
/// <param name="Metrics">By models that had not seen the rows they are judged by.</param>
/// <param name="Rejection">Which requirements were missed; null if the run is accepted.</param>
/// <param name="ModelDigest">"sha256:" and the sum of <paramref name="ModelJson"/>.</param>
public sealed record TrainingResult(
    Dataset Dataset, Metrics Metrics, string? Rejection, string Algorithm, string ModelDigest, byte[] ModelJson, byte[] ModelText,
    byte[] ReportJson)
{
    /// <summary>The bytes of a model folder, read back as a server would.</summary>
    /// <param name="library">What computed the model, for the report.</param>
    /// <param name="parts">
    /// Accuracy, or root of the mean squared error, of each fold or of the rows that were held out; null where a model was judged that is
    /// not ours.
    /// </param>
    internal static TrainingResult Of(
        Dataset dataset, TrainingOptions options, ModelDocument document, Metrics metrics, string library,
        IReadOnlyList<FeatureImportance> importance, double[]? parts = null)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(document, FormatJsonContext.Default.ModelDocument);
        ModelReader.Read(json).VerifyGoldenSamples();
        var rejection = Requirement.Unmet(options.Requirements, metrics);
        var isRegression = dataset.Classes.Count == 0;
        var report = new ReportDocument(
            1,
            rejection is null ? Outcome.Accepted : Outcome.Rejected,
            rejection,
            document.Algorithm,
            document.Parameters,
            new ReportData(
                dataset.FileName, dataset.Digest, dataset.Target, dataset.Rows.Count, [.. dataset.Features.Select(f => f.Name)]),
            parts is null or { Length: 1 } ? null : options.Folds,
            parts is null ? null : options.Holdout,
            parts is null ? null : dataset.Marks?.Column,
            parts is null || options.Refits ? null : false,
            parts is null ? null : options.Seed,
            metrics.Values,
            isRegression ? null : parts,
            isRegression ? parts : null,
            isRegression ? null : [.. metrics.Classes.Select(c => new ReportClass(c.Class, c.Precision, c.Recall, c.F1, c.RocAuc, c.Rows))],
            isRegression ? null : metrics.Confusion,
            importance,
            new ReportVersions(options.TrainerVersion, options.TrainerDigest?.GetAwaiter().GetResult(), library),
            dataset.Assumptions.Count > 0 ? dataset.Assumptions : null);
        return new TrainingResult(
            dataset,
            metrics,
            rejection,
            document.Algorithm,
            Digest.Of(json).ToString(),
            json,
            Training.ModelText.Write(document, dataset, metrics, importance),
            report.Write());
    }
}
