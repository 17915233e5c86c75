namespace IrisOperator.Learning.Training;

/// <summary>The managed predictor and the native library disagree on a training row: a model that must not be written.</summary>
public sealed class PredictorMismatchException(string message) : Exception(message);
