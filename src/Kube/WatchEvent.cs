using IrisOperator.Kube.Models;

namespace IrisOperator.Kube;

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
