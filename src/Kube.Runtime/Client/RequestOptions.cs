namespace IrisOperator.Kube.Runtime.Client;

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

/// <summary>Who applies. Two appliers with one name overwrite each other's field sets.</summary>
public sealed record ApplyOptions(string FieldManager)
{
    /// <summary>
    /// True (the default, as every controller does) takes fields over from other managers; false answers 409 with the names of
    /// the managers in the causes.
    /// </summary>
    public bool Force { get; init; } = true;

    /// <summary>Runs admission and validation, stores nothing.</summary>
    public bool DryRun { get; init; }
}

/// <summary>All optional.</summary>
public sealed record PatchOptions
{
    /// <summary>Null lets the server take the name from the user agent.</summary>
    public string? FieldManager { get; init; }

    public bool DryRun { get; init; }
}

/// <summary>Which incarnation to delete, and what becomes of its dependants.</summary>
public sealed record DeleteOptions
{
    /// <summary>Required in effect: without it a re-created object of the same name would be hit. Null only where that is meant.</summary>
    public required string? Uid { get; init; }

    /// <summary>Set it when the decision to delete rests on the content that was read.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Background by default. The server's own default for jobs is Orphan, which leaves their pods running.</summary>
    public PropagationPolicy PropagationPolicy { get; init; } = PropagationPolicy.Background;

    public int? GracePeriodSeconds { get; init; }

    internal V1DeleteOptions ToBody() => new()
    {
        ApiVersion = "v1",
        Kind = "DeleteOptions",
        PropagationPolicy = PropagationPolicy.ToString(),
        GracePeriodSeconds = GracePeriodSeconds,
        Preconditions = Uid is null && ResourceVersion is null
            ? null
            : new V1Preconditions { Uid = Uid, ResourceVersion = ResourceVersion },
    };
}

/// <summary>When dependants are deleted: after the owner, before it, or not at all.</summary>
public enum PropagationPolicy
{
    Background,
    Foreground,
    Orphan,
}
