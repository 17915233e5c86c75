using System.Text.Json.Nodes;

namespace IrisOperator.Kube.Runtime.Leadership;

/// <summary>The defaults are client-go's: a dead leader is replaced within 17 s.</summary>
public sealed record LeaderElectionOptions
{
    public required string Namespace { get; init; }

    public required string LeaseName { get; init; }

    /// <summary>Unique per process, not only per pod: a restarted container must not take its predecessor's lease for its own.</summary>
    public required string Identity { get; init; }

    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Leadership ends when no renewal succeeded for this long. The rest of the lease is the margin for writes under way.
    /// </summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    public void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Namespace);
        ArgumentException.ThrowIfNullOrEmpty(LeaseName);
        ArgumentException.ThrowIfNullOrEmpty(Identity);
        ArgumentOutOfRangeException.ThrowIfLessThan(RetryPeriod, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RenewDeadline, RetryPeriod);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(LeaseDuration, RenewDeadline);
        ArgumentOutOfRangeException.ThrowIfLessThan(LeaseDuration, TimeSpan.FromSeconds(1));
    }

    /// <summary>The lease in our hands. Times in it are for people: nothing here decides by them.</summary>
    internal V1LeaseSpec Hold(V1LeaseSpec? before, DateTimeOffset now)
    {
        var again = before?.HolderIdentity == Identity;
        return new V1LeaseSpec
        {
            HolderIdentity = Identity,
            LeaseDurationSeconds = (int)Math.Ceiling(LeaseDuration.TotalSeconds),
            AcquireTime = again ? before?.AcquireTime ?? now.UtcDateTime : now.UtcDateTime,
            RenewTime = now.UtcDateTime,
            LeaseTransitions = before is null ? 0 : (before.LeaseTransitions ?? 0) + (again ? 0 : 1),
        };
    }
}

/// <summary>Patches of a lease. Each carries the version that was read, so only one of two rivals wins.</summary>
internal static class LeasePatch
{
    public static JsonObject Hold(string version, V1LeaseSpec spec) => Of(version, new JsonObject
    {
        ["holderIdentity"] = spec.HolderIdentity,
        ["leaseDurationSeconds"] = spec.LeaseDurationSeconds,
        ["acquireTime"] = MicroTime.ToText(spec.AcquireTime!.Value),
        ["renewTime"] = MicroTime.ToText(spec.RenewTime!.Value),
        ["leaseTransitions"] = spec.LeaseTransitions,
    });

    // Null rather than empty: newer servers refuse an empty holder.
    public static JsonObject Release(string version) => Of(version, new JsonObject { ["holderIdentity"] = null });

    private static JsonObject Of(string version, JsonObject spec) =>
        new() { ["metadata"] = new JsonObject { ["resourceVersion"] = version }, ["spec"] = spec };
}

/// <summary>The lease is no longer ours. The process has to end: nothing that it still holds can be trusted to be idle.</summary>
public sealed class LeadershipLostException(string reason) : Exception($"leadership lost: {reason}");
