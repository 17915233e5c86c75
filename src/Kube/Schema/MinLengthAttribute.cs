namespace IrisOperator.Kube.Schema;

/// <summary>The least number of characters of a string, items of a list or entries of a map.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MinLengthAttribute(int value) : Attribute
{
    public int Value { get; } = value;
}
