namespace IrisOperator.Kube.Models;

/// <summary>Type is ClusterIP, NodePort, LoadBalancer or ExternalName.</summary>
public sealed record V1ServiceSpec
{
    public IReadOnlyDictionary<string, string>? Selector { get; init; }

    public IReadOnlyList<V1ServicePort>? Ports { get; init; }

    public string? ClusterIP { get; init; }

    public string? Type { get; init; }

    public string? SessionAffinity { get; init; }
}
