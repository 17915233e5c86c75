namespace IrisOperator.Operator.Serving;

/// <summary>Keeps an IrisModel served.</summary>
[Rbac(ApiGroup.Name, "irismodels,iristrainings", "get", "list", "watch")]
[Rbac(ApiGroup.Name, "irismodels/status", "patch")]
[Rbac("apps", "deployments", "get", "list", "watch", "create", "patch", "delete")]
[Rbac("", "services", "get", "list", "watch", "create", "patch")]
[Rbac("", "pods", "list", "watch")]
[Rbac("", "events", "list")]
[Rbac("events.k8s.io", "events", "create", "patch")]
public sealed class ModelReconciler(
    StoreReader<IrisModel> models, ModelObserver observer, PlanExecutor executor, OperatorOptions options, TimeProvider time)
    : IReconciler<IrisModel>
{
    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken) => models.Get(key) is { } model
        ? await Pass.RunAsync(
            model,
            observer.ObserveAsync,
            (seen, refusal) => ModelDecider.Decide(seen with { Refusal = refusal }, options, time.GetUtcNow()),
            executor,
            cancellationToken)
        : ReconcileResult.Done;
}
