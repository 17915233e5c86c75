namespace IrisOperator.Kube;

/// <summary>Names an object of a known type. The namespace is null for cluster-scoped types, never empty.</summary>
public readonly record struct ObjectKey(string? Namespace, string Name)
{
    public override string ToString() => Namespace is null ? Name : $"{Namespace}/{Name}";
}
