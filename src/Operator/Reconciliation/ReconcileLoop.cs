using System.Runtime.ExceptionServices;

namespace IrisOperator.Operator.Reconciliation;

/// <summary>One reconcile of one object: observe, decide, execute, and again where a status opened the way for the next plan.</summary>
public static class ReconcileLoop
{
    /// <summary>More than any chain of rules needs; a longer one goes on in the next pass.</summary>
    private const int MaxPlans = 5;

    /// <param name="decide">Pure. The rejection is null at first, and what the server had against a child at the second call.</param>
    /// <param name="fail">Says how the owner stands where the decision throws, and leaves the rest of its status as it was.</param>
    /// <exception cref="Exception">Whatever the decision throws, after it was written to the status: the controller logs it.</exception>
    public static async Task<ReconcileResult> RunAsync<T, TSeen>(
        T owner,
        Func<T, CancellationToken, Task<TSeen>> observe,
        Func<TSeen, Problem?, Plan<T>> decide,
        Func<T, ReadyStatus, Plan<T>> fail,
        PlanExecutor executor,
        CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        Exception? bug = null;
        for (var round = 0; round < MaxPlans; round++)
        {
            var observed = await observe(owner, cancellationToken);
            var plan = Decide(observed, null);
            var outcome = await executor.ExecuteAsync(owner, plan, cancellationToken);
            if (outcome.Rejection is { } rejection)
            {
                plan = Decide(observed, rejection);
                outcome = await executor.ExecuteAsync(owner, plan, cancellationToken);
            }

            if (bug is not null)
            {
                ExceptionDispatchInfo.Throw(bug);
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

        Plan<T> Decide(TSeen observed, Problem? rejection)
        {
            try
            {
                return decide(observed, rejection);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                bug = error;
                OperatorMetrics.InternalErrors.WithLabels(Kind<T>.Definition.Kind).Inc();
                return fail(owner, Failed(error));
            }
        }
    }

    // Without the error's own message, which may differ each time: the same bug is written once.
    private static ReadyStatus Failed(Exception error) => new(
        Readiness.Stalled,
        Reasons.InternalError,
        $"the operator cannot reconcile this object because of a bug ({error.GetType().Name}): report it with the stack trace in the "
        + "operator's log; another spec may avoid it");
}
