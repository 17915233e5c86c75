namespace IrisOperator.Kube.Schema;

/// <summary>The only values the server admits.</summary>
/// <remarks>Not for what a program outside the operator decides: a new trainer may know another algorithm.</remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EnumerationAttribute(params string[] values) : Attribute
{
    public IReadOnlyList<string> Values { get; } = values;
}
