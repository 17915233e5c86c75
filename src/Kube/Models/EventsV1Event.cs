using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace IrisOperator.Kube.Models;

/// <summary>
/// events.k8s.io/v1, as written by us. EventTime, Action, Reason, Type, ReportingController and ReportingInstance are required by
/// the server.
/// </summary>
public sealed record EventsV1Event : IKubeResource<EventsV1Event>
{
    public static ResourceDefinition Definition { get; } = new("events.k8s.io", "v1", "Event", "events", Namespaced: true);

    public static JsonTypeInfo<EventsV1Event> JsonTypeInfo => KubeJsonContext.Default.EventsV1Event;

    public string ApiVersion => Definition.ApiVersion;

    public string Kind => Definition.Kind;

    public required V1ObjectMeta Metadata { get; init; }

    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? EventTime { get; init; }

    public EventsV1EventSeries? Series { get; init; }

    public string? ReportingController { get; init; }

    public string? ReportingInstance { get; init; }

    public string? Action { get; init; }

    public string? Reason { get; init; }

    public string? Note { get; init; }

    public string? Type { get; init; }

    public V1ObjectReference? Regarding { get; init; }

    public V1ObjectReference? Related { get; init; }
}
