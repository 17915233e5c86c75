namespace IrisOperator.Kube.Runtime.Client;

/// <summary>Names an object of a known type. The namespace is null for cluster-scoped types, never empty.</summary>
public readonly record struct ObjectKey(string? Namespace, string Name)
{
    public override string ToString() => Namespace is null ? Name : $"{Namespace}/{Name}";
}

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

/// <summary>Questions asked of any object, beside those of <see cref="ModelExtensions"/>.</summary>
public static class KubeObjects
{
    /// <exception cref="InvalidOperationException">The object has no name yet.</exception>
    public static ObjectKey Key(this IKubernetesObject<V1ObjectMeta> obj) => new(
        string.IsNullOrEmpty(obj.Metadata.NamespaceProperty) ? null : obj.Metadata.NamespaceProperty,
        obj.Metadata.Name ?? throw new InvalidOperationException($"{obj.Kind} has no metadata.name"));

    /// <summary>Compares uids, so a deleted and re-created owner does not count: incarnations never mix.</summary>
    public static bool IsControlledBy(this IKubernetesObject<V1ObjectMeta> obj, IKubernetesObject<V1ObjectMeta> owner) =>
        owner.Metadata.Uid is { } uid && obj.GetController()?.Uid == uid;

    public static V1ObjectReference ToReference(this IKubernetesObject<V1ObjectMeta> obj) => new()
    {
        ApiVersion = obj.ApiVersion,
        Kind = obj.Kind,
        NamespaceProperty = obj.Metadata.NamespaceProperty,
        Name = obj.Metadata.Name,
        Uid = obj.Metadata.Uid,
        ResourceVersion = obj.Metadata.ResourceVersion,
    };

    /// <summary>
    /// A reference for <c>metadata.ownerReferences</c> of a child that this object controls. It does not block the owner's deletion: that
    /// needs the right to update the owner's finalizers where the server enforces it.
    /// </summary>
    public static V1OwnerReference ToControllerReference(this IKubernetesObject<V1ObjectMeta> obj) => new()
    {
        ApiVersion = obj.ApiVersion,
        Kind = obj.Kind,
        Name = obj.Metadata.Name,
        Uid = obj.Metadata.Uid,
        Controller = true,
    };
}
