using System.Net;

namespace IrisOperator.Operator.Http;

/// <summary>The client of <c>helm test</c>: the image holds no shell and no curl.</summary>
public static class HealthCheck
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    /// <returns>An exit code: 0 once the address answered 200.</returns>
    public static async Task<int> RunAsync(Uri address, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await AskAsync(http, address, cancellationToken);
            var done = answer == "200" || TimeProvider.System.GetElapsedTime(began) > _limit;
            if (done)
            {
                await Console.Out.WriteLineAsync($"{address}: {answer}");
                return answer == "200" ? 0 : 1;
            }

            // A Service is known to every node only a moment after its pods are ready.
            await Task.Delay(_pause, TimeProvider.System, cancellationToken);
        }
    }

    private static async Task<string> AskAsync(HttpClient http, Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(address, cancellationToken);
            return response.StatusCode == HttpStatusCode.OK
                ? "200"
                : $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}";
        }
        catch (Exception error) when (
            error is HttpRequestException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return error.Message;
        }
    }
}
