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
