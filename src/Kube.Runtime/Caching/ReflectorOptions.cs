namespace IrisOperator.Kube.Runtime.Caching;

/// <summary>What a store holds. One per type and process, fixed at its first use.</summary>
public sealed record ReflectorOptions<T>
    where T : class, IKubeResource<T>
{
    /// <summary>Null takes the host's scope.</summary>
    public NamespaceScope? Scope { get; init; }

    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    /// <summary>Drops what nobody reads before the object enters the store. Name, namespace, uid, resourceVersion must survive.</summary>
    public Func<T, T>? Transform { get; init; }

    /// <summary>Index name to the values of an object, for <see cref="StoreReader{T}.ByIndex"/>.</summary>
    public IReadOnlyDictionary<string, Func<T, IEnumerable<string>>> Indexes { get; init; } =
        new Dictionary<string, Func<T, IEnumerable<string>>>();
}
