using System.Text.Json;
using System.Text.Json.Nodes;
using IrisOperator.Kube;
using IrisOperator.Kube.Models;

namespace IrisOperator.Operator.Children;

/// <summary>An object to be applied, with the hash of itself among its annotations.</summary>
public static class AppliedObject
{
    /// <summary>The annotations to add to an object, computed from the object without them.</summary>
    public static IReadOnlyDictionary<string, string> HashOf<T>(T obj)
        where T : class, IKubeResource<T> => new Dictionary<string, string>
        {
            [Labels.AppliedHash] = Names.Hash(16, JsonSerializer.SerializeToUtf8Bytes(obj, Kind<T>.JsonTypeInfo)),
        };

    /// <summary>True when an apply would change nothing that is ours.</summary>
    public static bool IsCurrent<T>(T live, T wanted)
        where T : class, IKubeResource<T> =>
        live.Annotation(Labels.AppliedHash) == wanted.Annotation(Labels.AppliedHash)
        && Containment.Contains(Normalized(live), Normalized(wanted));

    private static JsonNode? Normalized<T>(T obj)
        where T : class, IKubeResource<T> => JsonSerializer.SerializeToNode(obj, Kind<T>.JsonTypeInfo);

    /// <summary>Metadata of a child that the owner controls; it goes with the owner.</summary>
    public static V1ObjectMeta MetadataFor(IKubeObject owner, string name, IReadOnlyDictionary<string, string> labels) => new()
    {
        Name = name,
        Namespace = owner.Metadata.Namespace,
        Labels = labels,
        // Not blocking: that needs the right to update the owner's finalizers where the server enforces it.
        OwnerReferences = [owner.ToControllerReference() with { BlockOwnerDeletion = null }],
    };
}
