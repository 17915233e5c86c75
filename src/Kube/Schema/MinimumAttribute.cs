namespace IrisOperator.Kube.Schema;

/// <summary>The smallest value the server admits, itself included.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MinimumAttribute(double value) : Attribute
{
    public double Value { get; } = value;
}
