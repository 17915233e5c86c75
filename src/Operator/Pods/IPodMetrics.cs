namespace IrisOperator.Operator.Pods;

/// <summary>Asks serving pods what they have answered.</summary>
public interface IPodMetrics
{
    /// <returns>One entry for each pod, in their order. A pod that cannot be asked is a problem in its entry, not an exception.</returns>
    public Task<IReadOnlyList<PodRequests>> ReadAsync(IReadOnlyList<V1Pod> pods, int port, CancellationToken cancellationToken);
}
