using System.Net;
using System.Text.RegularExpressions;

namespace IrisOperator.Operator.Serving;

/// <summary>Reads the request counts of serving pods.</summary>
public interface IPodMetrics
{
    /// <returns>One entry for each pod, in their order. A pod that cannot be asked is a problem in its entry, not an exception.</returns>
    public Task<IReadOnlyList<PodRequests>> ReadAsync(IReadOnlyList<V1Pod> pods, int port, CancellationToken cancellationToken);
}

/// <summary>What a serving pod has answered since its start, by its own metrics.</summary>
/// <param name="Pod">Name of the pod.</param>
/// <param name="Requests">Requests of clients, whatever the answer, without those refused for overload (503).</param>
/// <param name="Errors">Requests that were answered with a status of 500 or above, without 503.</param>
/// <param name="Problem">Why the pod could not be asked; the figures are 0 then.</param>
public sealed record PodRequests(string Pod, long Requests, long Errors, string? Problem = null);

/// <summary>Gets <c>/metrics</c> of pods at their own addresses, past the Service.</summary>
/// <remarks>
/// Guarantees: one GET without credentials for each pod, no redirect is followed, no proxy is used, an answer is read up to 1 MiB, and
/// all pods together take at most <see cref="_timeout"/>. Nothing of an answer but its figures leaves this class.
/// </remarks>
public sealed class PodMetricsClient(TimeProvider time) : IPodMetrics, IDisposable
{
    private const int MaxLength = 1 << 20;
    private const int Parallel = 16;

    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _podTimeout = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = MaxLength,
        // A connection that is kept alive is one more that the pod has to drain.
        DefaultRequestHeaders = { ConnectionClose = true },
    };

    public async Task<IReadOnlyList<PodRequests>> ReadAsync(IReadOnlyList<V1Pod> pods, int port, CancellationToken cancellationToken)
    {
        var answers = new PodRequests[pods.Count];
        using var timeout = new CancellationTokenSource(_timeout, time);
        await System.Threading.Tasks.Parallel.ForAsync(
            0, pods.Count, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (index, stop) => answers[index] = await ReadAsync(pods[index], port, timeout.Token, stop));
        return answers;
    }

    public void Dispose() => _http.Dispose();

    private async Task<PodRequests> ReadAsync(V1Pod pod, int port, CancellationToken timeout, CancellationToken cancellationToken)
    {
        var name = pod.Metadata.Name ?? "";
        if (!IPAddress.TryParse(pod.Status?.PodIP, out var address))
        {
            return new(name, 0, 0, "it has no address yet");
        }

        // No pod of ours is on the host's network, where the port may be anything's.
        if (pod.Status.HostIP == pod.Status.PodIP)
        {
            return new(name, 0, 0, "it is on the host's network");
        }

        using var one = new CancellationTokenSource(_podTimeout, time);
        using var all = CancellationTokenSource.CreateLinkedTokenSource(one.Token, timeout, cancellationToken);
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

/// <summary>Reads the requests that a server answered from its page of metrics (Prometheus text format 0.0.4).</summary>
public static partial class RequestCounter
{
    // Beyond it a double skips whole numbers.
    private const double MaxCount = 1L << 53;

    /// <returns>Null when the page has no such counter, or one that cannot be read.</returns>
    public static (long Requests, long Errors)? Read(string page)
    {
        var samples = page.Split('\n')
            .Where(line => line.StartsWith("iris_requests_total{", StringComparison.Ordinal))
            .Select(line => Sample().Match(line))
            .ToList();
        // 503 says that the pod has too much to do, as one of any version would. 504 counts: the version itself took too long.
        var judged = samples.Where(sample => sample.Success && sample.Groups["code"].Value != "503").ToList();
        var requests = judged.Sum(Count);
        // Not 499: that is a client which went away.
        var errors = judged.Where(sample => sample.Groups["code"].Value[0] >= '5').Sum(Count);
        return samples.Count > 0 && samples.TrueForAll(sample => sample.Success) && requests <= MaxCount
            ? ((long)requests, (long)errors)
            : null;
    }

    private static double Count(Match sample) => double.Parse(sample.Groups["count"].ValueSpan, CultureInfo.InvariantCulture);

    // Other labels may stand beside the code, and a timestamp after the value.
    [GeneratedRegex("""^[a-z_]+\{(?:[^}]*[, ])?code="(?<code>[0-9]{3})"[^}]*\}\s+(?<count>[0-9.]+(?:[eE]\+?[0-9]+)?)(?:\s|$)""")]
    private static partial Regex Sample();
}
