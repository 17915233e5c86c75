namespace IrisOperator.Kube;

/// <summary>Where a list or watch looks: every namespace, or one. Cluster-scoped types are listed with <see cref="All"/>.</summary>
public readonly record struct NamespaceScope
{
    private NamespaceScope(string? name) => Namespace = name;

    public static NamespaceScope All => default;

    /// <summary>Null for all namespaces.</summary>
    public string? Namespace { get; }

    public static NamespaceScope In(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new NamespaceScope(name);
    }

    /// <summary>An empty or missing name means all namespaces, as in <c>--namespace</c>.</summary>
    public static NamespaceScope Parse(string? name) => string.IsNullOrEmpty(name) ? All : In(name);

    public override string ToString() => Namespace ?? "all namespaces";
}
