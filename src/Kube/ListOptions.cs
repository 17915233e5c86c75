namespace IrisOperator.Kube;

/// <summary>Selectors use kubectl's syntax and are evaluated by the server.</summary>
public sealed record ListOptions
{
    public string? LabelSelector { get; init; }

    /// <summary>Built-in types support few fields, custom resources only <c>metadata.name</c> and <c>metadata.namespace</c>.</summary>
    public string? FieldSelector { get; init; }

    /// <summary>Objects in one answer. The default, 250, keeps a page of large pods below 4 MB.</summary>
    public int PageSize { get; init; } = 250;

    /// <summary>Null reads the newest state through etcd; "0" takes whatever the server's cache has, in one page.</summary>
    public string? ResourceVersion { get; init; }
}
