using DotNet.Testcontainers.Containers;

namespace IrisOperator.K3s;

/// <summary>The registry beside K3s. Its name must mean the same to this machine, the node and the pods, so it is the container's
/// address on the bridge and not a published port: 127.0.0.1 is something else to each pod.</summary>
internal static class RegistryContainer
{
    private const int Port = 5000;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    /// <summary>host:port, once it answers.</summary>
    public static async Task<string> StartAsync(StateFolder folder, string image, CancellationToken cancellationToken)
    {
        var container = Containers.Registry(folder, image);
        try
        {
            return await StartAsync(container, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new K3sException($"the registry did not come up: {Failures.OneLine(e)}{await Failures.LastLinesAsync(container)}");
        }
    }

    private static async Task<string> StartAsync(IContainer container, CancellationToken cancellationToken)
    {
        await Limit.WithinAsync(s_limit, "its container", async token =>
        {
            await container.StartAsync(token);
            return true;
        }, cancellationToken);
        if (container.IpAddress is not { Length: > 0 } ip)
        {
            throw new K3sException("its container has no address; did it end?");
        }

        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };
        var api = new Uri($"http://{ip}:{Port}/v2/");
        await Limit.UntilAsync(
            s_limit, $"{api}, which this machine must reach (so it takes Docker on Linux)", token => AnswersAsync(http, api, token),
            cancellationToken);
        return $"{ip}:{Port}";
    }

    private static async Task<bool> AnswersAsync(HttpClient http, Uri api, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(api, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
