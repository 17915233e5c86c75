namespace IrisOperator.Learning.Evaluation;

/// <summary>One class against all others. A ratio with nothing below the line is 0.</summary>
/// <param name="Class">Its name.</param>
/// <param name="Precision">Right among those predicted as this class.</param>
/// <param name="Recall">Right among those that are this class.</param>
/// <param name="F1">Harmonic mean of the two.</param>
/// <param name="Rows">How many rows are this class.</param>
public sealed record ClassMetrics(string Class, double Precision, double Recall, double F1, int Rows);
