namespace IrisOperator.Learning;

/// <summary>One numeric input of a model; the range is that of the rows it was trained on, both ends included.</summary>
public sealed record Feature(string Name, double Min, double Max);
