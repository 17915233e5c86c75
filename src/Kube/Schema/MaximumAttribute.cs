namespace IrisOperator.Kube.Schema;

/// <summary>The largest value the server admits, itself included.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MaximumAttribute(double value) : Attribute
{
    public double Value { get; } = value;
}
