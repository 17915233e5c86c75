using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>
/// Reads through <c>kubectl proxy</c>: any kubeconfig that kubectl understands will do, and a poll costs no process of its own.
/// </summary>
public sealed class ApiServer : IAsyncDisposable
{
    private readonly Process _proxy;
    private readonly HttpClient _http;

    private ApiServer(Process proxy, Uri address)
    {
        _proxy = proxy;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
    }

    public static async Task<ApiServer> StartAsync()
    {
        var proxy = Process.Start(new ProcessStartInfo("kubectl", ["proxy", "--port=0"]) { RedirectStandardOutput = true })!;
        var line = await proxy.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)
            ?? throw new InvalidOperationException("kubectl proxy ended at once");
        return new ApiServer(proxy, new Uri("http://" + line[(line.LastIndexOf(' ') + 1)..]));
    }

    /// <returns>Null on 404.</returns>
    public async Task<JsonObject?> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        response.EnsureSuccessStatusCode();
        return (JsonObject)JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
    }

    public async Task<IReadOnlyList<JsonObject>> ListAsync(string path, CancellationToken cancellationToken)
    {
        var list = await GetAsync(path, cancellationToken) ?? throw new InvalidOperationException($"the server has no {path}");
        return [.. list["items"]!.AsArray().Select(item => (JsonObject)item!)];
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _proxy.Kill();
        await _proxy.WaitForExitAsync(CancellationToken.None);
        _proxy.Dispose();
    }
}
