using System.Net.Http.Headers;
using System.Text;

namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>The Service of a model, reached at its cluster IP as a pod would.</summary>
public sealed record ServingAddress(Uri Url)
{
    // One for all: a client that is not under test may keep its connections.
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Asks once; what is not the right answer fails the test.</summary>
    /// <returns>The digest of the model that answered.</returns>
    public async Task<string> AskAsync()
    {
        var (status, body, digest) = await PostAsync(Flower.Question);
        Assert.True(status == 200, $"{Url}: {status} {body}");
        Assert.True(Flower.IsAnswer(body), $"{Url}: {body}");
        return digest ?? throw new Xunit.Sdk.XunitException($"{Url}: no {Flower.DigestHeader}");
    }

    /// <summary>
    /// Right answers by this model, within the time that pods before it may take to drain. A rollout that is finished for the
    /// API server is not yet finished for a kept connection, nor for the routes to the pods that the node has yet to change.
    /// </summary>
    public Task BecomesAsync(string digest) =>
        Eventually.TrueAsync($"answers by {digest}", TimeSpan.FromSeconds(8), async _ =>
        {
            try
            {
                return await AskAsync() == digest;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });

    public async Task<(int Status, string Body, string? Digest)> PostAsync(string question)
    {
        using var content = new StringContent(question, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var response = await Http.PostAsync(Url, content, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var digest = response.Headers.TryGetValues(Flower.DigestHeader, out var values) ? values.Single() : null;
        return ((int)response.StatusCode, body, digest);
    }
}
