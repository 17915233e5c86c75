using IrisOperator.Operator.Serving;

namespace IrisOperator.ApiServer.Tests.Operator;

/// <summary>Every pod has answered seven requests well: there is no kubelet here, and so no process to be asked.</summary>
internal sealed class SevenRequests : IPodMetrics
{
    public Task<IReadOnlyList<PodRequests>> ReadAsync(IReadOnlyList<V1Pod> pods, int port, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<PodRequests>>([.. pods.Select(pod => new PodRequests(pod.Metadata.Name!, 7, 0))]);
}
