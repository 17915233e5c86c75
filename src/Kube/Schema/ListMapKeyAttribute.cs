namespace IrisOperator.Kube.Schema;

/// <summary>The list is a map by this key: server-side apply merges its items, and no two may share the key.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ListMapKeyAttribute(string key) : Attribute
{
    public string Key { get; } = key;
}
