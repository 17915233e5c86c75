using IrisOperator.Kube.Runtime.Leadership;

namespace IrisOperator.Kube.Runtime;

/// <summary>Set by flags and environment; the defaults suit production.</summary>
public sealed record OperatorHostOptions
{
    /// <summary>Name in events, metrics and the user agent.</summary>
    public required string Name { get; init; }

    public NamespaceScope Scope { get; init; } = NamespaceScope.All;

    /// <summary>Null runs without election: for one replica and for tests.</summary>
    public LeaderElectionOptions? LeaderElection { get; init; }

    /// <summary>After this time without a complete first list the process ends, naming what it may not read.</summary>
    public TimeSpan InitialSyncDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long running passes may take to end after a stop. What runs longer keeps the lease from being released.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Liveness fails when a watch neither heard anything nor failed for this long; it has time limits that are shorter.</summary>
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromMinutes(15);
}

/// <summary>The answer of a health endpoint.</summary>
/// <param name="IsHealthy">200 or 503.</param>
public readonly record struct HealthReport(bool IsHealthy, string Message);

/// <summary>The operator cannot work as it is installed. The message is for the administrator: it names what is missing.</summary>
public sealed class OperatorFailedException(string message) : Exception(message);
