namespace IrisOperator.Kube.Models;

/// <summary>Send the protocol: it is part of the merge key under server-side apply.</summary>
public sealed record V1ContainerPort
{
    public string? Name { get; init; }

    public int? ContainerPort { get; init; }

    public string? Protocol { get; init; }
}
