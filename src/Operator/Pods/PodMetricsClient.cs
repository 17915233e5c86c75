using System.Net;

namespace IrisOperator.Operator.Pods;

/// <summary>Asks serving pods what they have answered.</summary>
public interface IPodMetrics
{
    /// <returns>One entry for each pod, in their order. A pod that cannot be asked is a problem in its entry, not an exception.</returns>
    public Task<IReadOnlyList<PodRequests>> ReadAsync(IReadOnlyList<V1Pod> pods, int port, CancellationToken cancellationToken);
}

/// <summary>What a serving pod has answered since it began, as it tells itself.</summary>
/// <param name="Pod">Its name.</param>
/// <param name="Requests">Of clients, whatever the answer.</param>
/// <param name="Errors">Those of them with a status of 500 or above.</param>
/// <param name="Problem">Why it could not be asked; the figures are 0 then.</param>
public sealed record PodRequests(string Pod, long Requests, long Errors, string? Problem = null);

/// <summary>Gets <c>/metrics</c> of pods at their own addresses, past the Service.</summary>
/// <remarks>
/// Guarantees: one GET without credentials for each pod, no redirect is followed, no proxy is used, an answer is read up to 1 MiB, and
/// all pods together take at most <see cref="Patience"/>. Nothing of an answer but its figures leaves this class.
/// </remarks>
public sealed class PodMetricsClient(TimeProvider time) : IPodMetrics, IDisposable
{
    private const int MaxLength = 1 << 20;
    private const int Parallel = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PatienceWithOne = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = MaxLength,
        // A kept connection would be one more that the pod has to drain.
        DefaultRequestHeaders = { ConnectionClose = true },
    };

    public async Task<IReadOnlyList<PodRequests>> ReadAsync(IReadOnlyList<V1Pod> pods, int port, CancellationToken cancellationToken)
    {
        var answers = new PodRequests[pods.Count];
        using var patience = new CancellationTokenSource(Patience, time);
        await System.Threading.Tasks.Parallel.ForAsync(
            0, pods.Count, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (index, stop) => answers[index] = await ReadAsync(pods[index], port, patience.Token, stop));
        return answers;
    }

    public void Dispose() => _http.Dispose();

    private async Task<PodRequests> ReadAsync(V1Pod pod, int port, CancellationToken patience, CancellationToken cancellationToken)
    {
        var name = pod.Metadata.Name ?? "";
        if (!IPAddress.TryParse(pod.Status?.PodIP, out var address))
        {
            return new(name, 0, 0, "it has no address yet");
        }

        using var one = new CancellationTokenSource(PatienceWithOne, time);
        using var all = CancellationTokenSource.CreateLinkedTokenSource(one.Token, patience, cancellationToken);
        try
        {
            var page = await _http.GetStringAsync(new UriBuilder("http", address.ToString(), port, "/metrics").Uri, all.Token);
            return RequestCounter.Read(page) is { } read
                ? new(name, read.Requests, read.Errors)
                : new(name, 0, 0, "its answer has no iris_requests_total");
        }
        catch (HttpRequestException error)
        {
            return new(name, 0, 0, error.StatusCode is { } status ? $"it answered {(int)status}" : $"{error.HttpRequestError}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(name, 0, 0, "it did not answer in time");
        }
    }
}
