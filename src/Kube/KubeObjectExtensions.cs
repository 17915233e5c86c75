using IrisOperator.Kube.Models;

namespace IrisOperator.Kube;

/// <summary>Questions asked of any object.</summary>
public static class KubeObjectExtensions
{
    /// <exception cref="InvalidOperationException">The object has no name yet.</exception>
    public static ObjectKey Key(this IKubeObject obj) => new(
        string.IsNullOrEmpty(obj.Metadata.Namespace) ? null : obj.Metadata.Namespace,
        obj.Metadata.Name ?? throw new InvalidOperationException($"{obj.Kind} has no metadata.name"));

    /// <summary>The owner that controls the object; the server admits one at most.</summary>
    public static V1OwnerReference? Controller(this IKubeObject obj)
    {
        foreach (var owner in obj.Metadata.OwnerReferences ?? [])
        {
            if (owner.Controller == true)
            {
                return owner;
            }
        }

        return null;
    }

    /// <summary>Compares uids, so a deleted and re-created owner does not count (reliability: incarnations never mix).</summary>
    public static bool IsControlledBy(this IKubeObject obj, IKubeObject owner) =>
        owner.Metadata.Uid is { } uid && obj.Controller()?.Uid == uid;

    public static string? Label(this IKubeObject obj, string name) => obj.Metadata.Labels?.GetValueOrDefault(name);

    public static string? Annotation(this IKubeObject obj, string name) => obj.Metadata.Annotations?.GetValueOrDefault(name);

    public static V1ObjectReference ToReference(this IKubeObject obj) => new()
    {
        ApiVersion = obj.ApiVersion,
        Kind = obj.Kind,
        Namespace = obj.Metadata.Namespace,
        Name = obj.Metadata.Name,
        Uid = obj.Metadata.Uid,
        ResourceVersion = obj.Metadata.ResourceVersion,
    };

    /// <summary>A reference for <c>metadata.ownerReferences</c> of a child that this object controls.</summary>
    public static V1OwnerReference ToControllerReference(this IKubeObject obj) => new()
    {
        ApiVersion = obj.ApiVersion,
        Kind = obj.Kind,
        Name = obj.Metadata.Name,
        Uid = obj.Metadata.Uid,
        Controller = true,
        BlockOwnerDeletion = true,
    };
}
