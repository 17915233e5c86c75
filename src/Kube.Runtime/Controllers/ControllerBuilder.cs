namespace IrisOperator.Kube.Runtime.Controllers;

/// <summary>What brings a pass for which object. Made by <see cref="OperatorHost.AddController{T}"/>.</summary>
/// <remarks>Each type has one reflector in a process; all controllers and reconcilers share its store.</remarks>
public sealed class ControllerBuilder<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly OperatorHost _host;

    internal ControllerBuilder(string name, OperatorHost host) => (Name, _host) = (name, host);

    public string Name { get; }

    internal List<Action<Action<ObjectKey>>> Sources { get; } = [];

    internal int WorkerCount { get; private set; } = 4;

    internal Func<T?, T?, bool> Predicate { get; private set; } = Predicates.IgnoreStatus;

    /// <summary>Children whose controlling owner reference is of this kind.</summary>
    public ControllerBuilder<T> Owns<TChild>(Func<TChild?, TChild?, bool>? when = null)
        where TChild : class, IKubernetesObject<V1ObjectMeta> => Watches(ControllerOf, when);

    /// <summary>Descendants that carry the name of the object as the value of a label, in the same namespace.</summary>
    public ControllerBuilder<T> Owns<TChild>(string label, Func<TChild?, TChild?, bool>? when = null)
        where TChild : class, IKubernetesObject<V1ObjectMeta> => Watches<TChild>(
            child => child.GetLabel(label) is { } name ? [new ObjectKey(child.Metadata.NamespaceProperty, name)] : [], when);

    /// <summary>Anything else. On an update the map sees both states, so an object that is no longer referred to gets a pass too.</summary>
    /// <param name="map">Runs on the reflector's thread: look things up in stores, never block.</param>
    /// <param name="when">All changes when null.</param>
    public ControllerBuilder<T> Watches<TOther>(Func<TOther, IEnumerable<ObjectKey>> map, Func<TOther?, TOther?, bool>? when = null)
        where TOther : class, IKubernetesObject<V1ObjectMeta>
    {
        var store = _host.Store<TOther>();
        Sources.Add(enqueue => store.Subscribe((before, after) =>
        {
            var states = (when ?? Predicates.Any)(before, after) ? new[] { before, after }.OfType<TOther>() : [];
            foreach (var key in states.SelectMany(map))
            {
                enqueue(key);
            }
        }));
        return this;
    }

    /// <summary>Something outside of the cluster that knows which objects want a pass.</summary>
    /// <param name="subscribe">Gets what to call with a key, from any thread.</param>
    public ControllerBuilder<T> Signals(Action<Action<ObjectKey>> subscribe)
    {
        Sources.Add(subscribe);
        return this;
    }

    /// <summary>Which changes of the object itself count; <see cref="Predicates.IgnoreStatus{T}"/> unless set.</summary>
    public ControllerBuilder<T> When(Func<T?, T?, bool> predicate)
    {
        Predicate = predicate;
        return this;
    }

    /// <summary>Reconciles at a time, 4 unless set.</summary>
    public ControllerBuilder<T> Workers(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        WorkerCount = count;
        return this;
    }

    private static IEnumerable<ObjectKey> ControllerOf<TChild>(TChild child)
        where TChild : class, IKubernetesObject<V1ObjectMeta>
    {
        var owner = child.GetController();
        if (owner?.Name is { } name && owner.Kind == Kind<T>.Definition.Kind && GroupOf(owner.ApiVersion) == Kind<T>.Definition.Group)
        {
            yield return new ObjectKey(Kind<T>.Definition.Namespaced ? child.Metadata.NamespaceProperty : null, name);
        }
    }

    // An owner reference keeps the version it was written with; after an upgrade of the API only the group still matches.
    private static string GroupOf(string? apiVersion) =>
        apiVersion?.IndexOf('/', StringComparison.Ordinal) is { } slash and >= 0 ? apiVersion[..slash] : "";
}

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

    private static bool Same(IDictionary<string, string>? a, IDictionary<string, string>? b) =>
        (a?.Count ?? 0) == (b?.Count ?? 0)
        && (a is null || a.All(pair => b!.TryGetValue(pair.Key, out var other) && other == pair.Value));

    private static bool Same<TItem>(IList<TItem>? a, IList<TItem>? b) => (a ?? []).SequenceEqual(b ?? []);
}
