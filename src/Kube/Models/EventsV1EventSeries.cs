using System.Text.Json.Serialization;

namespace IrisOperator.Kube.Models;

/// <summary>Set from the second occurrence on.</summary>
public sealed record EventsV1EventSeries
{
    public int? Count { get; init; }

    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? LastObservedTime { get; init; }
}
