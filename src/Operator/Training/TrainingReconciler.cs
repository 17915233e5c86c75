namespace IrisOperator.Operator.Training;

/// <summary>Keeps an IrisTraining done.</summary>
[Rbac(ApiGroup.Name, "iristrainings", "get", "list", "watch")]
[Rbac(ApiGroup.Name, "iristrainings/status", "patch")]
[Rbac("batch", "jobs", "get", "list", "watch", "create", "delete")]
[Rbac("", "pods", "list", "watch")]
[Rbac("", "persistentvolumeclaims", "list", "watch", "create")]
[Rbac("", "configmaps", "get")]
[Rbac("", "events", "list")]
[Rbac("events.k8s.io", "events", "create", "patch")]
public sealed class TrainingReconciler(
    StoreReader<IrisTraining> trainings, TrainingObserver observer, PlanExecutor executor, OperatorOptions options, TimeProvider time)
    : IReconciler<IrisTraining>
{
    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken) =>
        trainings.Get(key) is { } training
            ? await Pass.RunAsync(
                training,
                observer.ObserveAsync,
                (seen, refusal) => TrainingDecider.Decide(seen with { Refusal = refusal }, options, time.GetUtcNow()),
                executor,
                cancellationToken)
            : ReconcileResult.Done;
}
