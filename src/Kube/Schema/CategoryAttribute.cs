namespace IrisOperator.Kube.Schema;

/// <summary>A group of kinds that <c>kubectl get</c> lists together.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class CategoryAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
