using IrisOperator.Kube.Runtime;
using IrisOperator.Operator.Http;
using IrisOperator.Operator.Registries;
using IrisOperator.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrisOperator.Operator.Tests.Http;

/// <summary>The operator's own port, on one that is free, with a shared secret in a file and one repository that is followed.</summary>
internal sealed class RunningEndpoint : IAsyncDisposable
{
    public const string Word = "word";

    private readonly TempFolder _folder = new();
    private readonly WebApplication _app = OperatorEndpoint.Create(0, NullLoggerFactory.Instance);

    private RunningEndpoint()
    {
    }

    public HealthReport Live { get; set; } = new(true, "ok");

    public HealthReport Ready { get; set; } = new(false, "not started");

    public bool Leads { get; set; } = true;

    /// <summary>Paths of repositories that notifications named.</summary>
    public List<string> Woken { get; } = [];

    public string SecretFile => _folder.Combine("token");

    public int Port => new Uri(_app.Urls.Single()).Port;

    /// <summary>By IPv4, as kubelet asks, of a listener for all addresses.</summary>
    public Uri Address => new($"http://127.0.0.1:{Port}");

    public static async Task<RunningEndpoint> StartAsync(bool notifications = true)
    {
        var server = new RunningEndpoint();
        await File.WriteAllTextAsync(server.SecretFile, Word + "\n", TestContext.Current.CancellationToken);
        OperatorEndpoint.MapProbesAndMetrics(server._app, () => server.Live, () => server.Ready);
        if (notifications)
        {
            OperatorEndpoint.MapNotifications(
                server._app, new RegistryNotifications(server.SecretFile, () => server.Leads, server.Trigger));
        }

        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private bool Trigger(string path)
    {
        Woken.Add(path);
        return path == "team/iris";
    }
}
