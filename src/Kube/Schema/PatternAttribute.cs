namespace IrisOperator.Kube.Schema;

/// <summary>A regular expression in the syntax of RE2, searched for, not matched whole: write ^ and $.</summary>
/// <remarks>On a list or map of strings it holds for each item or value.</remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PatternAttribute(string expression) : Attribute
{
    public string Expression { get; } = expression;
}
