using IrisOperator.Operator.Serving;
using IrisOperator.Operator.Training;

namespace IrisOperator.Operator.Hosting;

/// <summary>The caches of the operator. Only what it made itself is watched, so that a busy cluster costs nothing.</summary>
public sealed class Stores
{
    private const string OwnerIndex = "owner";
    private const string ClaimIndex = "claim";
    private const string TrainingIndex = "training";
    private const string RepositoryIndex = "repository";

    // Bases hardly ever change, and a notification brings a look at once.
    private static readonly TimeSpan BaseInterval = TimeSpan.FromSeconds(60);

    private readonly OperatorOptions _options;

    public Stores(OperatorHost host, OperatorOptions options)
    {
        _options = options;
        Scope = host.Options.Scope;
        Trainings = host.Store(new ReflectorOptions<IrisTraining> { Indexes = TrainingIndexes(options) });
        Models = host.Store(new ReflectorOptions<IrisModel> { Indexes = ModelIndexes() });
        Jobs = host.Store(JobOptions);
        Deployments = host.Store(new ReflectorOptions<V1Deployment> { LabelSelector = Labels.Selector });
        Services = host.Store(new ReflectorOptions<V1Service> { LabelSelector = Labels.Selector });
        Pods = host.Store(PodOptions);
        Claims = host.Store(new ReflectorOptions<V1PersistentVolumeClaim> { Transform = Slim });
    }

    // Jobs and pods are read for their status. Deployments and Services stay whole: they are compared with what is wanted.
    internal static ReflectorOptions<V1Job> JobOptions { get; } = new()
    {
        LabelSelector = Labels.Selector,
        Transform = job => job with { Spec = null },
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

    /// <summary>All of the namespaces in scope; only name and access modes are kept.</summary>
    public StoreReader<V1PersistentVolumeClaim> Claims { get; }

    public IReadOnlyList<V1Job> JobsOf(IrisTraining training) =>
        [.. Jobs.ByIndex(OwnerIndex, training.Metadata.Uid ?? "").OrderBy(job => job.Metadata.Name, StringComparer.Ordinal)];

    public IReadOnlyList<V1Pod> PodsOf(string label, IKubernetesObject<V1ObjectMeta> owner) =>
        [.. Pods.ByIndex(OwnerIndex, $"{label}={owner.Key()}").OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal)];

    public IEnumerable<ObjectKey> TrainingsUsing(V1PersistentVolumeClaim claim) =>
        Trainings.ByIndex(ClaimIndex, claim.Key().ToString()).Select(training => training.Key());

    public IEnumerable<ObjectKey> ModelsFollowing(IrisTraining training) =>
        Models.ByIndex(TrainingIndex, training.Key().ToString()).Select(model => model.Key());

    /// <summary>Who wants a repository to be looked at.</summary>
    public IReadOnlyList<Follower> FollowersOf(string repository) =>
    [
        .. from model in Models.ByIndex(RepositoryIndex, repository)
           select new Follower(
               IrisModel.KubeKind,
               model.Key(),
               [.. ModelObserver.SelectionsOf(model).Select(selection => selection.Version)],
               TimeSpan.FromSeconds(model.Spec.Image?.PollIntervalSeconds ?? 60)),
        .. from training in Trainings.ByIndex(RepositoryIndex, repository)
           select new Follower(
               IrisTraining.KubeKind,
               training.Key(),
               [PublicationBase.SelectionOf(training, _options)!.Version],
               BaseInterval),
    ];

    private static Dictionary<string, Func<IrisTraining, IEnumerable<string>>> TrainingIndexes(OperatorOptions options) => new()
    {
        [ClaimIndex] = ClaimsOf,
        [RepositoryIndex] = training => PublicationBase.SelectionOf(training, options) is { } selection ? [selection.Repository] : [],
    };

    private static Dictionary<string, Func<IrisModel, IEnumerable<string>>> ModelIndexes() =>
        new() { [TrainingIndex] = TrainingsOf, [RepositoryIndex] = RepositoriesOf };

    private static Dictionary<string, Func<T, IEnumerable<string>>> Index<T>(string name, Func<T, IEnumerable<string>> valuesOf) =>
        new() { [name] = valuesOf };

    private static IEnumerable<string> ClaimsOf(IrisTraining training) =>
        from claim in new[] { training.Spec.Dataset.ClaimName, training.Spec.Output?.ClaimName }.Distinct()
        where claim is not null
        select new ObjectKey(training.Metadata.NamespaceProperty, claim).ToString();

    private static IEnumerable<string> TrainingsOf(IrisModel model) =>
        model.Spec.Model?.TrainingRef is { } reference ? [new ObjectKey(model.Metadata.NamespaceProperty, reference.Name).ToString()] : [];

    private static IEnumerable<string> RepositoriesOf(IrisModel model) =>
        ModelObserver.SelectionsOf(model).Select(selection => selection.Repository).Distinct();

    private static IEnumerable<string> ControllerOf(V1Job job) => job.GetController()?.Uid is { } uid ? [uid] : [];

    private static IEnumerable<string> OwnersOf(V1Pod pod) =>
        from label in new[] { Labels.Training, Labels.Model }
        let owner = pod.GetLabel(label)
        where owner is not null
        select $"{label}={new ObjectKey(pod.Metadata.NamespaceProperty, owner)}";

    private static V1PersistentVolumeClaim Slim(V1PersistentVolumeClaim claim) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = claim.Metadata.Name,
            NamespaceProperty = claim.Metadata.NamespaceProperty,
            Uid = claim.Metadata.Uid,
            ResourceVersion = claim.Metadata.ResourceVersion,
        },
        Spec = new V1PersistentVolumeClaimSpec { AccessModes = claim.Spec?.AccessModes },
    };
}
