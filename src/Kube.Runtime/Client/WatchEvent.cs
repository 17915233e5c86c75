namespace IrisOperator.Kube.Runtime.Client;

/// <summary>All pages of a list.</summary>
/// <param name="Items">In the server's order, which is by namespace and name but not promised.</param>
/// <param name="ResourceVersion">Where a watch continues without a gap.</param>
/// <param name="Invalid">Objects that could not be decoded; the others are unharmed.</param>
public sealed record KubeList<T>(IReadOnlyList<T> Items, string ResourceVersion, IReadOnlyList<InvalidObject> Invalid)
    where T : class;

/// <summary>An object of the right type that does not fit our model.</summary>
/// <param name="Key">Null when not even its metadata could be read.</param>
/// <param name="ResourceVersion">Null when not even its metadata could be read.</param>
/// <param name="Error">The path and the reason, without content.</param>
public sealed record InvalidObject(ObjectKey? Key, string? ResourceVersion, string Error);

/// <summary>One line of a watch.</summary>
public readonly record struct WatchEvent<T>
    where T : class
{
    public required WatchEventType Type { get; init; }

    /// <summary>Set for Added, Modified and Deleted; for Deleted it is the last state.</summary>
    public T? Object { get; init; }

    /// <summary>Where to resume after this event; null for Error and for an Invalid line without metadata.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Set for Error. Code 410 means that the resource version is too old: list again.</summary>
    public V1Status? Status { get; init; }

    /// <summary>Set for Invalid.</summary>
    public InvalidObject? Invalid { get; init; }
}

/// <summary>
/// Two are ours: Opened comes first, when the server has accepted the watch; Invalid is a line or an object that could not be decoded.
/// </summary>
public enum WatchEventType
{
    Opened,
    Added,
    Modified,
    Deleted,
    Bookmark,
    Error,
    Invalid,
}
