namespace IrisOperator.Training.Import.Onnx;

/// <summary>A graph is whole, but computes something that trees or weighted sums of our document do not say.</summary>
internal sealed class NotInDocumentException(string problem) : Exception(problem);
