using IrisOperator.Learning.Format;

namespace IrisOperator.Learning.Training;

/// <summary>What an algorithm found: exactly one of the two documents, and the library's own answers on the training rows.</summary>
internal sealed record Fit(TreesDocument? Trees, VectorsDocument? Vectors, double[] NativeProbabilities);
