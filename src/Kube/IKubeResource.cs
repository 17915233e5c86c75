using System.Text.Json.Serialization.Metadata;

namespace IrisOperator.Kube;

/// <summary>
/// A type the client can read and write. Custom resources implement it in their own assembly, with their own JSON context. Code that is
/// generic over them reads the static members through <see cref="Kind{T}"/>.
/// </summary>
/// <example><code>
/// public sealed record IrisModel : IKubeResource&lt;IrisModel&gt;
/// {
///     public static ResourceDefinition Definition { get; } = new(
///         "iris-operator.dev", "v1alpha1", "IrisModel", "irismodels", Namespaced: true);
///     public static JsonTypeInfo&lt;IrisModel&gt; JsonTypeInfo => ApiJsonContext.Default.IrisModel;
///     public string ApiVersion => Definition.ApiVersion;   // written to JSON, ignored when read: lists omit both
///     public string Kind => Definition.Kind;
///     public required V1ObjectMeta Metadata { get; init; }
/// }
/// </code></example>
public interface IKubeResource<TSelf> : IKubeObject
    where TSelf : class, IKubeResource<TSelf>
{
    public static abstract ResourceDefinition Definition { get; }

    public static abstract JsonTypeInfo<TSelf> JsonTypeInfo { get; }

    /// <summary>
    /// True where reads, lists and watches ask the server for <c>PartialObjectMetadata</c>. Such a type cannot be written whole.
    /// </summary>
    public static virtual bool MetadataOnly => false;
}
