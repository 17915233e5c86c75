using System.Security.Cryptography;

namespace IrisOperator.Kube.Runtime.Client;

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
    /// How often a request that the server put off (429, 503 with Retry-After) is sent again before the caller learns of it.
    /// </summary>
    public int MaxRetries { get; init; } = 4;

    /// <summary>What Retry-After is cut to.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>HTTP/2 carries all requests on one connection. See docs/adr/0001 for what was measured.</summary>
    public Version HttpVersion { get; init; } = System.Net.HttpVersion.Version20;

    /// <summary>A source of numbers from 0 to below 1.</summary>
    public Func<double> Jitter { get; init; } = NextDouble;

    private static double NextDouble() => RandomNumberGenerator.GetInt32(1 << 30) / (double)(1 << 30);
}
