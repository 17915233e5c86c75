namespace IrisOperator.Kube;

/// <summary>Bookmarks are always asked for.</summary>
public sealed record WatchOptions
{
    /// <summary>Where to begin: the version of the list before it, or of the last event or bookmark seen.</summary>
    public required string ResourceVersion { get; init; }

    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    /// <summary>After this time the server ends the watch. Always sent; a connection of unlimited age can die unseen.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(270);
}
