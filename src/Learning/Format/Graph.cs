namespace IrisOperator.Learning.Format;

/// <summary>A graph of ONNX that our document has no other word for, run by ONNX Runtime.</summary>
/// <param name="Graph">The bytes of an .onnx file with one input of numbers; base64 in the file.</param>
/// <param name="Output">The value that holds a probability per class, or of the second of two, or the number of a regression.</param>
/// <param name="Order">For each number of the output, which class it is about; left out where that is their order.</param>
internal sealed record GraphDocument(byte[] Graph, string Output, int[]? Order = null);
