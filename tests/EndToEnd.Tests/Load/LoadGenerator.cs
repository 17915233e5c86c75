using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using IrisOperator.EndToEnd.Tests.Harness;

namespace IrisOperator.EndToEnd.Tests.Load;

/// <summary>
/// Asks for the flower at a constant rate in every style that a client may have, without a retry, until it is stopped.
/// Whatever is not 200 with the right answer and a digest is a failure.
/// </summary>
public sealed class LoadGenerator : IAsyncDisposable
{
    /// <summary>Requests a second of one client are at most the inverse of it.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private const int ClientsPerStyle = 2;

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<LoadAnswer> _answers = new();
    private readonly Task[] _clients;
    private readonly Uri _url;

    private LoadGenerator(Uri url)
    {
        _url = url;
        _clients = [.. Enum.GetValues<LoadStyle>().SelectMany(style => Enumerable.Repeat(style, ClientsPerStyle)).Select(RunAsync)];
    }

    public int Answered => _answers.Count;

    public static LoadGenerator Start(ServingAddress address) => new(address.Url);

    /// <summary>Waits until that many more requests were answered, well or badly.</summary>
    public Task WaitForMoreAsync(int count)
    {
        var before = Answered;
        return Eventually.TrueAsync($"{count} more answers", TimeSpan.FromSeconds(60), _ => Task.FromResult(Answered >= before + count));
    }

    /// <summary>Waits until only this model answers: connections that a client keeps may stay with an old pod while it drains.</summary>
    public Task WaitUntilOnlyAsync(string digest)
    {
        const int inARow = 300;
        return Eventually.TrueAsync($"{inARow} answers in a row from {digest}", TimeSpan.FromSeconds(60), _ =>
            Task.FromResult(Answered > inARow && _answers.Reverse().Take(inARow).All(answer => answer.Digest == digest)));
    }

    /// <summary>Lets what is in flight be answered and tells the answers in their order.</summary>
    public async Task<IReadOnlyList<LoadAnswer>> StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients);
        return [.. _answers.OrderBy(answer => answer.Finished)];
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(LoadStyle style)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) };
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(10) };
        using var pace = new PeriodicTimer(Pace, TimeProvider.System);
        while (!_stop.IsCancellationRequested)
        {
            _answers.Enqueue(await AskAsync(client, style));
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    // A request is never cancelled by the end of the load, or the end would count as failures.
    [SuppressMessage("Reliability", "CA2016", Justification = "see above")]
    private async Task<LoadAnswer> AskAsync(HttpClient client, LoadStyle style)
    {
        string? digest = null;
        string? failure;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _url);
            request.Headers.ConnectionClose = style == LoadStyle.NewConnection ? true : null;
            request.Content = style == LoadStyle.SlowBody
                ? new SlowContent(Flower.Question)
                : new StringContent(Flower.Question, Encoding.UTF8, "application/json");
            using var response = await client.SendAsync(request, CancellationToken.None);
            var body = await response.Content.ReadAsStringAsync(CancellationToken.None);
            digest = response.Headers.TryGetValues(Flower.DigestHeader, out var values) ? values.First() : null;
            failure = (int)response.StatusCode == 200 && digest is not null && Flower.IsAnswer(body)
                ? null
                : $"{(int)response.StatusCode} {body}";
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            failure = $"{e.GetType().Name}: {e.Message} {e.InnerException?.Message}";
        }

        return new LoadAnswer(TimeProvider.System.GetUtcNow(), style, digest, failure);
    }
}
