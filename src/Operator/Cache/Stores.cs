namespace IrisOperator.Operator.Cache;

/// <summary>The caches of the operator. Only what it made itself is watched, so that a busy cluster costs nothing.</summary>
public sealed class Stores
{
    private const string OwnerIndex = "owner";

    /// <param name="trainings">Indexes over trainings, which belong to the features that ask them.</param>
    /// <param name="models">Indexes over models.</param>
    public Stores(
        OperatorHost host, Dictionary<string, Func<IrisTraining, IEnumerable<string>>> trainings,
        Dictionary<string, Func<IrisModel, IEnumerable<string>>> models)
    {
        Scope = host.Options.Scope;
        Trainings = host.Store(new ReflectorOptions<IrisTraining> { Indexes = trainings });
        Models = host.Store(new ReflectorOptions<IrisModel> { Indexes = models });
        Jobs = host.Store(JobOptions);
        Deployments = host.Store(new ReflectorOptions<V1Deployment> { LabelSelector = Labels.Selector });
        Services = host.Store(new ReflectorOptions<V1Service> { LabelSelector = Labels.Selector });
        Pods = host.Store(PodOptions);
        Claims = host.Store(new ReflectorOptions<V1PersistentVolumeClaim> { Transform = StripClaim });
    }

    // Jobs and pods are read for their status, and a Job for the pull secrets that its pods have and for whether somebody suspended it.
    // Deployments and Services stay whole: they are compared with what is wanted.
    internal static ReflectorOptions<V1Job> JobOptions { get; } = new()
    {
        LabelSelector = Labels.Selector,
        Transform = job => job with { Spec = StripJob(job.Spec) },
        Indexes = Index<V1Job>(OwnerIndex, ControllerOf),
    };

    internal static ReflectorOptions<V1Pod> PodOptions { get; } = new()
    {
        LabelSelector = Labels.Selector,
        Transform = pod => pod with { Spec = null },
        Indexes = Index<V1Pod>(OwnerIndex, OwnersOf),
    };

    /// <summary>The namespaces that the operator looks after.</summary>
    public NamespaceScope Scope { get; }

    public StoreReader<IrisTraining> Trainings { get; }

    public StoreReader<IrisModel> Models { get; }

    public StoreReader<V1Job> Jobs { get; }

    public StoreReader<V1Deployment> Deployments { get; }

    public StoreReader<V1Service> Services { get; }

    public StoreReader<V1Pod> Pods { get; }

    /// <summary>All of the namespaces in scope; only name, access modes and deletion are kept.</summary>
    public StoreReader<V1PersistentVolumeClaim> Claims { get; }

    public IReadOnlyList<V1Job> JobsOf(IrisTraining training) =>
        [.. Jobs.ByIndex(OwnerIndex, training.Metadata.Uid ?? "").OrderBy(job => job.Metadata.Name, StringComparer.Ordinal)];

    public IReadOnlyList<V1Pod> PodsOf(string label, IKubernetesObject<V1ObjectMeta> owner) =>
        [.. Pods.ByIndex(OwnerIndex, $"{label}={owner.Key()}").OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal)];

    private static Dictionary<string, Func<T, IEnumerable<string>>> Index<T>(string name, Func<T, IEnumerable<string>> valuesOf) =>
        new() { [name] = valuesOf };

    private static IEnumerable<string> ControllerOf(V1Job job) => job.GetController()?.Uid is { } uid ? [uid] : [];

    private static IEnumerable<string> OwnersOf(V1Pod pod) =>
        from label in new[] { Labels.Training, Labels.Model }
        let owner = pod.GetLabel(label)
        where owner is not null
        select $"{label}={new ObjectKey(pod.Metadata.NamespaceProperty, owner)}";

    private static V1JobSpec? StripJob(V1JobSpec? spec) => (spec?.Suspend, spec?.Template?.Spec?.ImagePullSecrets) switch
    {
        (not true, null) => null,
        var (suspend, secrets) => new V1JobSpec
        {
            Suspend = suspend,
            Template = new V1PodTemplateSpec { Spec = new V1PodSpec { Containers = [], ImagePullSecrets = secrets } },
        },
    };

    private static V1PersistentVolumeClaim StripClaim(V1PersistentVolumeClaim claim) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = claim.Metadata.Name,
            NamespaceProperty = claim.Metadata.NamespaceProperty,
            Uid = claim.Metadata.Uid,
            ResourceVersion = claim.Metadata.ResourceVersion,
            DeletionTimestamp = claim.Metadata.DeletionTimestamp,
        },
        Spec = new V1PersistentVolumeClaimSpec { AccessModes = claim.Spec?.AccessModes },
    };
}
