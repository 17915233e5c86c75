using IrisOperator.Learning.Evaluation;

namespace IrisOperator.Learning.Training;

/// <summary>A trained model, not yet on disk.</summary>
/// <param name="Metrics">Of the cross-validation: on every row, by a model that had not seen it.</param>
/// <param name="Rejection">Which requirements were missed; null if the run is accepted.</param>
/// <param name="Algorithm">Its name.</param>
/// <param name="ModelDigest">"sha256:" and the sum of <paramref name="ModelJson"/>.</param>
/// <param name="ModelJson">The bytes of model.json.</param>
/// <param name="ModelText">The bytes of model.txt.</param>
/// <param name="ReportJson">The bytes of report.json.</param>
public sealed record TrainingResult(
    Metrics Metrics,
    string? Rejection,
    string Algorithm,
    string ModelDigest,
    byte[] ModelJson,
    byte[] ModelText,
    byte[] ReportJson);
