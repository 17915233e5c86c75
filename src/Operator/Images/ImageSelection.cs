namespace IrisOperator.Operator.Images;

/// <summary>What is asked of a registry: the highest version of a range, or an exact version.</summary>
public sealed record ImageSelection(string Repository, string Version);
