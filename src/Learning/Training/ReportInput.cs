using IrisOperator.Learning.Data;
using IrisOperator.Learning.Evaluation;

namespace IrisOperator.Learning.Training;

/// <summary>What report.json tells about.</summary>
internal sealed record ReportInput(
    Dataset Dataset,
    TrainingOptions Options,
    IReadOnlyDictionary<string, string> Parameters,
    string Library,
    Metrics Metrics,
    IReadOnlyList<double> FoldAccuracies,
    string? Rejection);
