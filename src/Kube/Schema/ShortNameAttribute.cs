namespace IrisOperator.Kube.Schema;

/// <summary>What one may type instead of the plural: <c>kubectl get irt</c>.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class ShortNameAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
