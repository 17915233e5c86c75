using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrisOperator.Kube.Runtime.Client;

/// <summary>Selectors use kubectl's syntax and are evaluated by the server.</summary>
public sealed record ListOptions
{
    public string? LabelSelector { get; init; }

    /// <summary>Built-in types support few fields, custom resources only <c>metadata.name</c> and <c>metadata.namespace</c>.</summary>
    public string? FieldSelector { get; init; }

    /// <summary>Objects in one answer. The default, 250, keeps a page of large pods below 4 MB.</summary>
    public int PageSize { get; init; } = 250;
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
}

/// <summary>Who patches.</summary>
public sealed record PatchOptions
{
    /// <summary>Null lets the server take the name from the user agent.</summary>
    public string? FieldManager { get; init; }
}

/// <summary>Which incarnation to delete. Its dependants are deleted after it.</summary>
public sealed record DeleteOptions
{
    /// <summary>Required in effect: without it a re-created object of the same name would be hit. Null only where that is meant.</summary>
    public required string? Uid { get; init; }

    /// <summary>Set it when the decision to delete rests on the content that was read.</summary>
    public string? ResourceVersion { get; init; }

    public int? GracePeriodSeconds { get; init; }

    internal V1DeleteOptions ToBody() => new()
    {
        ApiVersion = "v1",
        Kind = "DeleteOptions",

        // The server's own default for jobs is Orphan, which leaves their pods running.
        PropagationPolicy = "Background",
        GracePeriodSeconds = GracePeriodSeconds,
        Preconditions = Uid is null && ResourceVersion is null
            ? null
            : new V1Preconditions { Uid = Uid, ResourceVersion = ResourceVersion },
    };
}

/// <summary>Limits and habits of a client. The defaults suit an operator.</summary>
public sealed record KubeClientOptions
{
    /// <summary>The server derives a field manager from it where none is given, and logs it in its audit log.</summary>
    public string UserAgent { get; init; } = "iris-operator";

    /// <summary>From the first byte sent to the last byte read, retries not counted. A watch is limited until its headers only.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For one object and for one line of a watch. etcd's own limit is 1.5 MB.</summary>
    public int MaxObjectBytes { get; init; } = 8 << 20;

    /// <summary>For one page of a list.</summary>
    public int MaxListBytes { get; init; } = 64 << 20;

    /// <summary>
    /// How often a request that the server put off (429, or 503 with Retry-After) is sent again before the caller learns of it.
    /// </summary>
    public int MaxRetries { get; init; } = 4;

    /// <summary>What Retry-After is cut to.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>HTTP/2 carries all requests on one connection. See docs/adr/0001 for what was measured.</summary>
    public Version HttpVersion { get; init; } = System.Net.HttpVersion.Version20;

    /// <summary>Gets each warning of the server once.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>A source of numbers from 0 to below 1.</summary>
    public Func<double> Jitter { get; init; } = NextDouble;

    private static double NextDouble() => RandomNumberGenerator.GetInt32(1 << 30) / (double)(1 << 30);
}
