namespace IrisOperator.Kube.Runtime.Controllers;

/// <summary>Which changes of an object are worth a pass. They filter triggers only; a pass looks at everything.</summary>
public static class Predicates
{
    public static bool Any<T>(T? before, T? after)
        where T : class, IKubernetesObject<V1ObjectMeta> => !ReferenceEquals(before, after);

    /// <summary>
    /// True unless only the status changed: generation, labels, annotations, finalizers, owners and deletionTimestamp decide.
    /// Without it each status write of ours would bring another pass (hot loop).
    /// </summary>
    public static bool IgnoreStatus<T>(T? before, T? after)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (before is null || after is null)
        {
            return !ReferenceEquals(before, after);
        }

        var (a, b) = (before.Metadata, after.Metadata);
        return a.Uid != b.Uid
            || a.Generation != b.Generation
            || a.DeletionTimestamp != b.DeletionTimestamp
            || !Same(a.Labels, b.Labels)
            || !Same(a.Annotations, b.Annotations)
            || !Same(a.Finalizers, b.Finalizers)
            || !Same(a.OwnerReferences, b.OwnerReferences);
    }

    private static bool Same(IDictionary<string, string>? a, IDictionary<string, string>? b)
    {
        if ((a?.Count ?? 0) != (b?.Count ?? 0))
        {
            return false;
        }

        foreach (var (name, value) in a ?? new Dictionary<string, string>())
        {
            if (!b!.TryGetValue(name, out var other) || other != value)
            {
                return false;
            }
        }

        return true;
    }

    private static bool Same<TItem>(IList<TItem>? a, IList<TItem>? b) => (a ?? []).SequenceEqual(b ?? []);
}
