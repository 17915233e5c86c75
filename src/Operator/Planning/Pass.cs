namespace IrisOperator.Operator.Planning;

/// <summary>One pass over one object: observe, decide, execute, and again where a status opened the way for the next plan.</summary>
public static class Pass
{
    /// <summary>More than any chain of rules needs; a longer one goes on in the next pass.</summary>
    private const int MaxPlans = 5;

    /// <param name="decide">Pure. The refusal is null at first, and what the server had against a child at the second call.</param>
    public static async Task<ReconcileResult> RunAsync<T, TSeen>(
        T owner,
        Func<T, CancellationToken, Task<TSeen>> observe,
        Func<TSeen, Refusal?, Plan<T>> decide,
        PlanExecutor executor,
        CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        for (var round = 0; round < MaxPlans; round++)
        {
            var seen = await observe(owner, cancellationToken);
            var plan = decide(seen, null);
            var outcome = await executor.ExecuteAsync(owner, plan, cancellationToken);
            if (outcome.Refusal is { } refusal)
            {
                plan = decide(seen, refusal);
                outcome = await executor.ExecuteAsync(owner, plan, cancellationToken);
            }

            if (outcome.IsStale)
            {
                // The cache is behind, for as long as its watch is down perhaps.
                return ReconcileResult.BackOff;
            }

            if (!plan.GoOn)
            {
                return new ReconcileResult(plan.RequeueAfter);
            }

            owner = outcome.Owner;
        }

        return ReconcileResult.BackOff;
    }
}
