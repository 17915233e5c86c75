namespace IrisOperator.Operator.Serving;

/// <summary>What the spec's references came to.</summary>
internal sealed record Resolution(ServedImage Image, ServedModel? Model);
