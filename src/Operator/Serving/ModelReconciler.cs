using IrisOperator.Operator.Cache;

namespace IrisOperator.Operator.Serving;

/// <summary>Keeps an IrisModel served.</summary>
[Rbac(ApiGroup.Name, "irismodels,iristrainings", "get", "list", "watch")]
[Rbac(ApiGroup.Name, "irismodels/status", "patch")]
[Rbac("apps", "deployments", "get", "list", "watch", "create", "patch", "delete")]
[Rbac("", "services", "get", "list", "watch", "create", "patch")]
[Rbac("", "pods", "list", "watch")]
[Rbac("", "events", "list", "create", "patch")]
public sealed class ModelReconciler(
    StoreReader<IrisModel> models, ModelObserver observer, PlanExecutor executor, OperatorOptions options, TimeProvider time)
    : IReconciler<IrisModel>
{
    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken) => models.Get(key) is { } model
        ? await ReconcileLoop.RunAsync(
            model,
            observer.ObserveAsync,
            (observed, rejection) => ModelDecider.Decide(observed with { Rejection = rejection }, options, time.GetUtcNow()),
            (model, ready) => ModelDecider.Fail(model, ready, time.GetUtcNow()),
            executor,
            cancellationToken)
        : ReconcileResult.Done;
}

/// <summary>Reads what a plan needs: caches, versions in registries, events of the API server, metrics of a canary's pods.</summary>
public sealed class ModelObserver(Stores stores, PodEvents events, RepositoryPoller registries, IPodMetrics metrics)
{
    /// <summary>The versions that a model wants to be asked for: none where it names a digest or something invalid.</summary>
    public static IEnumerable<ImageSelection> SelectionsOf(IrisModel model) =>
        new[] { RangeOf(model), PinOf(model) }.OfType<ImageSelection>();

    public async Task<ObservedModel> ObserveAsync(IrisModel model, CancellationToken cancellationToken)
    {
        var key = model.Key();
        var pods = stores.PodsOf(Labels.Model, model).Where(pod => IsServing(pod, model)).ToList();
        return new ObservedModel
        {
            Model = model,
            Training = model.Spec.Model?.TrainingRef is { } reference ? stores.Trainings.Get(key with { Name = reference.Name }) : null,
            Deployment = stores.Deployments.Get(key),
            Canary = stores.Deployments.Get(key with { Name = ModelDeployment.CanaryName(model) }),
            CanaryRequests = HasCanary(model)
                ? await metrics.ReadAsync(
                    [.. pods.Where(pod => Rollout.IsCanary(pod) && Rollout.IsReady(pod))], ModelDeployment.Port(model), cancellationToken)
                : [],
            Service = stores.Services.Get(key),
            Image = RangeOf(model) is { } range ? registries.Observe(range) : null,
            PinnedImage = PinOf(model) is { } pin ? registries.Observe(pin) : null,
            Pods = pods,
            Events = await events.ReadAsync(pods, cancellationToken),
        };
    }

    /// <summary>Whether a replica set of a Deployment of the model controls the pod: any pod can have the label.</summary>
    internal static bool IsServing(V1Pod pod, IrisModel model) =>
        pod.GetController() is { Kind: "ReplicaSet", Name: { } name } && pod.GetLabel("pod-template-hash") is { } hash
        && (name == $"{model.Metadata.Name}-{hash}" || name == $"{ModelDeployment.CanaryName(model)}-{hash}");

    private static bool HasCanary(IrisModel model) =>
        model is { Status.Canary: not null, Spec: { Suspend: not true, Rollout.Canary: not null } };

    private static ImageSelection? RangeOf(IrisModel model) => Selection(model, model.Spec.Image?.Version);

    private static ImageSelection? PinOf(IrisModel model) => Selection(model, ImageChoice.PinOf(model)?.Version);

    private static ImageSelection? Selection(IrisModel model, string? version) =>
        model.Spec.Image is { } image && !ImageVersion.IsDigest(version)
        && !ImageVersion.Check("", image with { Version = version, Pin = null }).Any()
            ? new ImageSelection(image.Repository, version!)
            : null;
}

/// <summary>Everything that one reconcile knows. Absent objects are null; nothing is read later.</summary>
public sealed record ObservedModel
{
    public required IrisModel Model { get; init; }

    /// <summary>The training that the spec refers to.</summary>
    public IrisTraining? Training { get; init; }

    /// <summary>The object with the name of the model, whatever controls it.</summary>
    public V1Deployment? Deployment { get; init; }

    /// <summary>The Deployment with the name of the canary, whatever controls it.</summary>
    public V1Deployment? Canary { get; init; }

    /// <summary>Request counts of the canary's ready pods; empty while there is no canary.</summary>
    public IReadOnlyList<PodRequests> CanaryRequests { get; init; } = [];

    /// <summary>The object with the name of the model, whatever controls it.</summary>
    public V1Service? Service { get; init; }

    /// <summary>What the registry has for spec.image.version; null where nothing has to be asked.</summary>
    public ImageView? Image { get; init; }

    /// <summary>What the registry has for the version that is pinned or rolled back to; null where nothing has to be asked.</summary>
    public ImageView? PinnedImage { get; init; }

    /// <summary>Pods of the model, by name, of all versions.</summary>
    public IReadOnlyList<V1Pod> Pods { get; init; } = [];

    /// <summary>Warnings about pods that do not start.</summary>
    public IReadOnlyList<Corev1Event> Events { get; init; } = [];

    /// <summary>Why the API server rejected the plan that this reconcile made first.</summary>
    public Problem? Rejection { get; init; }
}
