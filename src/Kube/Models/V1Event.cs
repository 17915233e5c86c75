using System.Text.Json.Serialization.Metadata;

namespace IrisOperator.Kube.Models;

/// <summary>Core v1, read only: the older shape, in which kubelet and scheduler report.</summary>
public sealed record V1Event : IKubeResource<V1Event>
{
    public static ResourceDefinition Definition { get; } = new("", "v1", "Event", "events", Namespaced: true);

    public static JsonTypeInfo<V1Event> JsonTypeInfo => KubeJsonContext.Default.V1Event;

    public string ApiVersion => Definition.ApiVersion;

    public string Kind => Definition.Kind;

    public required V1ObjectMeta Metadata { get; init; }

    public V1ObjectReference? InvolvedObject { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public string? Type { get; init; }

    public int? Count { get; init; }

    public DateTimeOffset? FirstTimestamp { get; init; }

    public DateTimeOffset? LastTimestamp { get; init; }
}
