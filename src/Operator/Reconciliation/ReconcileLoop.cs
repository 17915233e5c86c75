namespace IrisOperator.Operator.Reconciliation;

/// <summary>One reconcile of one object: observe, decide, execute, and again where a status opened the way for the next plan.</summary>
public static class ReconcileLoop
{
    /// <summary>More than any chain of rules needs; a longer one goes on in the next pass.</summary>
    private const int MaxPlans = 5;

    /// <param name="decide">Pure. The rejection is null at first, and what the server had against a child at the second call.</param>
    public static async Task<ReconcileResult> RunAsync<T, TSeen>(
        T owner,
        Func<T, CancellationToken, Task<TSeen>> observe,
        Func<TSeen, Problem?, Plan<T>> decide,
        PlanExecutor executor,
        CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        for (var round = 0; round < MaxPlans; round++)
        {
            var observed = await observe(owner, cancellationToken);
            var plan = decide(observed, null);
            var outcome = await executor.ExecuteAsync(owner, plan, cancellationToken);
            if (outcome.Rejection is { } rejection)
            {
                plan = decide(observed, rejection);
                outcome = await executor.ExecuteAsync(owner, plan, cancellationToken);
            }

            if (outcome.IsStale)
            {
                // The cache is behind, for as long as its watch is down perhaps.
                return ReconcileResult.BackOff;
            }

            if (!plan.ContinueImmediately)
            {
                return new ReconcileResult(plan.RequeueAfter);
            }

            owner = outcome.Owner;
        }

        return ReconcileResult.BackOff;
    }
}
