namespace IrisOperator.Kube.Schema;

/// <summary>What <c>kubectl explain</c> shows. On a class it describes every field of that type; the one on a property wins.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property)]
public sealed class DescriptionAttribute(string text) : Attribute
{
    public string Text { get; } = text;
}
