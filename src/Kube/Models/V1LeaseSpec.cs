using System.Text.Json.Serialization;

namespace IrisOperator.Kube.Models;

/// <summary>Times are written by the holder's wall clock and are for people; the elector never compares them with its own.</summary>
public sealed record V1LeaseSpec
{
    public string? HolderIdentity { get; init; }

    public int? LeaseDurationSeconds { get; init; }

    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? AcquireTime { get; init; }

    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? RenewTime { get; init; }

    public int? LeaseTransitions { get; init; }
}
