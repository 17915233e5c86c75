using IrisOperator.Operator.Cache;
using IrisOperator.Operator.Training.Steps;

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
    Stores stores, IKubeReader reader, PodEvents events, RepositoryPoller registries, OperatorOptions options)
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
            Base = PublicationBase.SelectionOf(training, options) is { } selection
                ? registries.Observe(selection)
                : PublicationBase.FixedView(training, options),
        };
        if (observed.StepJob is not { } job)
        {
            return observed.History is { Last.State: not RunState.Running, Running.Task: StepTask.Prune or StepTask.PruneModels }
                ? await WithUsersAsync(observed, cancellationToken)
                : observed;
        }

        var pods = stores.PodsOf(Labels.Training, training);
        if (JobState.IsFinished(job)
            && JobState.Read(job, pods) is JobState.ReportLost or JobState.Ended { Container: null, IsDeadlineExceeded: false })
        {
            // The cache of pods may lag behind that of jobs; a report counts as lost only when the server has no such pod either.
            var options = new ListOptions { LabelSelector = $"job-name={job.Metadata.Name}" };
            var live = await reader.ListAsync<V1Pod>(NamespaceScope.In(space!), options, cancellationToken);
            pods = live.Items;
        }

        observed = observed with { Pods = pods };
        var waiting = observed.PodsAtWork().Count == 0 && !JobState.IsFinished(job) ? job : null;
        return observed with { Events = await events.ReadAsync(pods, cancellationToken, waiting) };
    }

    // Live: what a cache has not heard of yet would be removed.
    private async Task<ObservedTraining> WithUsersAsync(ObservedTraining observed, CancellationToken cancellationToken) => observed with
    {
        Models = (await reader.ListAsync<IrisModel>(stores.Scope, null, cancellationToken)).Items,
        Trainings = (await reader.ListAsync<IrisTraining>(stores.Scope, null, cancellationToken)).Items,
    };
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

    /// <summary>True while a claim is being deleted: it stays as long as there are pods that use it, finished ones too.</summary>
    public bool IsClaimTerminating =>
        OutputClaim?.Metadata.DeletionTimestamp is not null || DatasetClaim?.Metadata.DeletionTimestamp is not null;

    /// <summary>All that the training controls, the one of the running run included.</summary>
    public IReadOnlyList<V1Job> Jobs { get; init; } = [];

    /// <summary>What the base of publications means now; null where nobody wants to know, or it is one image for ever.</summary>
    public ImageView? Base { get; init; }

    /// <summary>All models of all namespaces in scope, read live just before a job that removes images is made; else empty.</summary>
    public IReadOnlyList<IrisModel> Models { get; init; } = [];

    /// <summary>All trainings, for the same.</summary>
    public IReadOnlyList<IrisTraining> Trainings { get; init; } = [];

    /// <summary>Pods of the job of what goes on, by name. Read live when the cached ones do not tell how a finished job ended.</summary>
    public IReadOnlyList<V1Pod> Pods { get; init; } = [];

    /// <summary>Warnings about pods that do not start, or are not made.</summary>
    public IReadOnlyList<Corev1Event> Events { get; init; } = [];

    /// <summary>What the server had against the plan that this pass made first.</summary>
    public Problem? Rejection { get; init; }

    public TrainingHistory History => TrainingHistory.Of(Training);

    /// <summary>The Job of what goes on, if it is there and the training controls it.</summary>
    public V1Job? StepJob => History.JobName is { } name
        ? Jobs.FirstOrDefault(job => job.Metadata.Name == name && job.IsControlledBy(Training))
        : null;

    public IReadOnlyList<V1Pod> PodsAtWork() =>
        [.. Pods.Where(pod => pod.IsControlledBy(StepJob!) && pod.Status?.Phase is not ("Failed" or "Succeeded"))];
}
