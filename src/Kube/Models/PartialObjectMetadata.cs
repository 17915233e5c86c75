namespace IrisOperator.Kube.Models;

/// <summary>What the server answers when only metadata is asked for; see <see cref="IKubeReader.GetMetadataAsync{T}"/>.</summary>
public sealed record PartialObjectMetadata
{
    public V1ObjectMeta? Metadata { get; init; }
}
