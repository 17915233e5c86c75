using IrisOperator.Operator.Cache;
using IrisOperator.Operator.Serving;

namespace IrisOperator.Operator.Training;

/// <summary>Keeps an IrisTraining done.</summary>
[Rbac(ApiGroup.Name, "iristrainings", "get", "list", "watch")]
[Rbac(ApiGroup.Name, "iristrainings/status", "patch")]
[Rbac("batch", "jobs", "get", "list", "watch", "create", "delete")]
[Rbac("", "pods", "list", "watch")]
[Rbac("", "persistentvolumeclaims", "list", "watch", "create")]
[Rbac("", "configmaps", "get")]
[Rbac("", "events", "list", "create", "patch")]
public sealed class TrainingReconciler(
    StoreReader<IrisTraining> trainings, TrainingObserver observer, PlanExecutor executor, OperatorOptions options, TimeProvider time)
    : IReconciler<IrisTraining>
{
    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken) =>
        trainings.Get(key) is { } training
            ? await ReconcileLoop.RunAsync(
                training,
                observer.ObserveAsync,
                (observed, rejection) => TrainingDecider.Decide(observed with { Rejection = rejection }, options, time.GetUtcNow()),
                (training, ready) => TrainingDecider.Fail(training, ready, time.GetUtcNow()),
                executor,
                cancellationToken)
            : ReconcileResult.Done;
}

/// <summary>The only reader: caches, and the server itself where a cache could mislead or does not exist.</summary>
public sealed class TrainingObserver(
    Stores stores, IKubeReader reader, JobObserver jobs, RepositoryPoller registries, OperatorOptions options)
{
    public async Task<ObservedTraining> ObserveAsync(IrisTraining training, CancellationToken cancellationToken)
    {
        var space = training.Metadata.NamespaceProperty;
        var dataset = training.Spec.Dataset;
        var observed = new ObservedTraining
        {
            Training = training,
            DatasetClaim = dataset.ClaimName is { } claim ? stores.Claims.Get(new ObjectKey(space, claim)) : null,
            DatasetConfigMapExists = dataset.ConfigMapName is { } map
                ? await reader.GetMetadataAsync<V1ConfigMap>(new ObjectKey(space, map), cancellationToken) is not null
                : null,
            OutputClaim = stores.Claims.Get(new ObjectKey(space, TrainingInputs.OutputClaimName(training))),
            Jobs = stores.JobsOf(training),
            Models = [.. ModelIndexes.Following(stores, training)],
            Base = PublicationBase.SelectionOf(training, options) is { } selection
                ? registries.Observe(selection)
                : PublicationBase.FixedView(training, options),
        };
        if (observed.StepJob.Job is { } job)
        {
            var step = await jobs.ObserveAsync(job, stores.PodsOf(Labels.Training, training), cancellationToken);
            return observed with { Pods = step.Pods, Events = step.Events };
        }

        // Live: what a cache has not heard of yet would be removed.
        return observed.History is { Last.State: not RunState.Running, Running.Task: StepTask.Prune or StepTask.PruneModels }
            ? observed with
            {
                Models = (await reader.ListAsync<IrisModel>(stores.Scope, null, cancellationToken)).Items,
                Trainings = (await reader.ListAsync<IrisTraining>(stores.Scope, null, cancellationToken)).Items,
            }
            : observed;
    }
}

/// <summary>Everything that one pass knows. Absent things are null; nothing is read after this was made.</summary>
public sealed record ObservedTraining
{
    public required IrisTraining Training { get; init; }

    /// <summary>Null where the spec names none, or where it does not exist.</summary>
    public V1PersistentVolumeClaim? DatasetClaim { get; init; }

    /// <summary>Null where the spec names none.</summary>
    public bool? DatasetConfigMapExists { get; init; }

    public V1PersistentVolumeClaim? OutputClaim { get; init; }

    /// <summary>A claim that is being deleted: it stays as long as there are pods that use it, finished ones too.</summary>
    public V1PersistentVolumeClaim? TerminatingClaim =>
        new[] { OutputClaim, DatasetClaim }.FirstOrDefault(claim => claim?.Metadata.DeletionTimestamp is not null);

    /// <summary>All that the training controls, the one of the running run included.</summary>
    public IReadOnlyList<V1Job> Jobs { get; init; } = [];

    /// <summary>What the base of publications means now; null where nobody wants to know, or it is one image for ever.</summary>
    public ImageView? Base { get; init; }

    /// <summary>The models that follow the training; before a Job that removes something all in scope, read live.</summary>
    public IReadOnlyList<IrisModel> Models { get; init; } = [];

    /// <summary>All of the namespaces in scope, read live, before a Job that removes something is made; else empty.</summary>
    public IReadOnlyList<IrisTraining> Trainings { get; init; } = [];

    /// <summary>Pods of the job of what goes on, by name. Read live when the cached ones do not tell how a finished job ended.</summary>
    public IReadOnlyList<V1Pod> Pods { get; init; } = [];

    /// <summary>Warnings about pods that do not start, or are not made.</summary>
    public IReadOnlyList<Corev1Event> Events { get; init; } = [];

    /// <summary>What the server had against the plan that this pass made first.</summary>
    public Problem? Rejection { get; init; }

    public TrainingHistory History => TrainingHistory.Of(Training);

    /// <summary>The Job of what goes on, if it is there and the training controls it.</summary>
    public ObservedJob StepJob => new(
        Jobs.FirstOrDefault(job => job.Metadata.Name == History.JobName && job.IsControlledBy(Training)), Pods, Events);
}
