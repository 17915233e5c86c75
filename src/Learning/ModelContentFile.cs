namespace IrisOperator.Learning;

/// <summary>One file of a model folder.</summary>
public sealed record ModelContentFile(string Name, ReadOnlyMemory<byte> Content);
