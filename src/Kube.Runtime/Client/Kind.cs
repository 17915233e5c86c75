using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using IrisOperator.Kube.Runtime.Schema;

namespace IrisOperator.Kube.Runtime.Client;

/// <summary>Where the API server keeps a type. The group is empty for the core API.</summary>
public sealed record ResourceDefinition(string Group, string Version, string Kind, string Plural, bool Namespaced)
{
    // KubernetesEntityAttribute has no scope.
    private static readonly Type[] _clusterScoped =
        [typeof(V1Namespace), typeof(V1SelfSubjectAccessReview), typeof(V1CustomResourceDefinition)];

    /// <summary>As in the <c>apiVersion</c> field: <c>v1</c> or <c>batch/v1</c>.</summary>
    public string ApiVersion { get; } = Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>As in RBAC rules and error messages: <c>pods</c> or <c>jobs.batch</c>.</summary>
    public string ResourceName { get; } = Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>The path below which all of its objects are: <c>/api/v1</c> or <c>/apis/batch/v1</c>.</summary>
    internal string BasePath { get; } = Group.Length == 0 ? $"/api/{Version}" : $"/apis/{Group}/{Version}";

    /// <summary>Reads <see cref="KubernetesEntityAttribute"/> and <see cref="ClusterScopedAttribute"/>.</summary>
    /// <returns>Null for a type without the attribute.</returns>
    public static ResourceDefinition? Find(Type type) => type.GetCustomAttribute<KubernetesEntityAttribute>() is { } entity
        ? new(
            entity.Group ?? "",
            entity.ApiVersion,
            entity.Kind,
            // The package leaves it out for what is only created, such as SelfSubjectAccessReview.
            string.IsNullOrEmpty(entity.PluralName) ? $"{entity.Kind.ToLowerInvariant()}s" : entity.PluralName,
            !type.IsDefined(typeof(ClusterScopedAttribute)) && !_clusterScoped.Contains(type))
        : null;
}

/// <summary>What is known of a kind, read once from the attributes of its type.</summary>
/// <example><code>
/// [KubernetesEntity(Group = "iris-operator.dev", ApiVersion = "v1alpha1", Kind = "IrisModel", PluralName = "irismodels")]
/// [JsonContext&lt;ApiJsonContext&gt;]
/// public sealed record IrisModel : IKubernetesObject&lt;V1ObjectMeta&gt;
/// </code></example>
public static class Kind<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public static readonly ResourceDefinition Definition = ResourceDefinition.Find(typeof(T))
        ?? throw new InvalidOperationException($"{typeof(T).Name} has no [KubernetesEntity]");

    public static readonly JsonTypeInfo<T> JsonTypeInfo = KubeJson.TypeInfo<T>();

    /// <summary>Sets apiVersion and kind where they are missing: items of lists omit both, and an apply must name them.</summary>
    public static T Complete(T obj)
    {
        obj.ApiVersion ??= Definition.ApiVersion;
        obj.Kind ??= Definition.Kind;
        return obj;
    }
}

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
