using IrisOperator.Kube.Runtime;
using IrisOperator.Kube.Runtime.Leadership;
using IrisOperator.Operator;
using IrisOperator.Operator.Registries;
using IrisOperator.Operator.Startup;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrisOperator.ApiServer.Tests.Operator;

/// <summary>An operator as its process wires it, over one namespace: its own caches, queues and client.</summary>
internal sealed class OperatorProcess : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly OperatorHost _host;
    private readonly Task _running;

    private OperatorProcess(IKubeClient client, string space, CrashPoint? crash, LeaderElectionOptions? election, IImageSource images)
    {
        Client = new ObservedClient(client, crash);
        _host = new OperatorHost(
            Client, new OperatorHostOptions { Name = "iris-operator", Scope = NamespaceScope.In(space), LeaderElection = election },
            NullLoggerFactory.Instance, TimeProvider.System, () => 0.5);
        Controllers.AddTo(_host, Options, images, new SevenRequests(), NullLoggerFactory.Instance, TimeProvider.System, () => 0.5);
        _ = Client.Died.ContinueWith(_ => _stop.Cancel(), TaskScheduler.Default);
        _running = _host.RunAsync(_stop.Token);
    }

    public static OperatorOptions Options { get; } = new()
    {
        TrainerImage = "registry.test/iris-trainer:0.1.0",
        ServingImage = "registry.test/iris-serving:0.1.0",
    };

    public ObservedClient Client { get; }

    public IReadOnlyList<string> Writes => [.. Client.Writes];

    /// <summary>Without those that <see cref="World.UntilCaughtUpAsync"/> asks for.</summary>
    public IReadOnlyList<string> WritesButForMarkers =>
        [.. Client.Writes.Where(write => !write.Contains("marker-", StringComparison.Ordinal))];

    public bool IsReady => _host.Ready().IsHealthy;

    public static OperatorProcess Start(
        IKubeClient client, string space, CrashPoint? crash = null, LeaderElectionOptions? election = null, IImageSource? images = null) =>
        new(client, space, crash, election, images ?? new NoRegistry());

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _host.Dispose();
        _stop.Dispose();
    }
}
