namespace IrisOperator.Learning;

/// <summary>
/// A row of the training file with the answer that the model gave when it was written. A process that loads the
/// model must give the same answer before it may serve: a wrong CPU, a miscompiled predictor or a changed file shows here.
/// </summary>
/// <param name="Data">One number per feature, in the order of <see cref="Model.Features"/>.</param>
/// <param name="Prediction">Index into <see cref="Model.Classes"/>.</param>
/// <param name="Probabilities">One per class; they sum to 1.</param>
public sealed record GoldenSample(ReadOnlyMemory<double> Data, int Prediction, ReadOnlyMemory<double> Probabilities);
