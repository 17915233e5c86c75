namespace IrisOperator.Kube.Models;

/// <summary>Names the owner by uid, so an owner that was deleted and made again under the same name does not match.</summary>
public sealed record V1OwnerReference
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public string? Name { get; init; }

    public string? Uid { get; init; }

    public bool? Controller { get; init; }

    public bool? BlockOwnerDeletion { get; init; }
}
