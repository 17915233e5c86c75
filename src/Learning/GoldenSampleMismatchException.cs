namespace IrisOperator.Learning;

/// <summary>This process answers a golden sample otherwise than the process that wrote the model did.</summary>
public sealed class GoldenSampleMismatchException(string message) : Exception(message);
