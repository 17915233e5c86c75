using IrisOperator.Kube.Runtime.Leadership;
using IrisOperator.Operator.Http;
using IrisOperator.Operator.Serving;
using Microsoft.AspNetCore.Builder;

namespace IrisOperator.Operator.Startup;

/// <summary>The operator as a process: caches and controllers, a health endpoint, signals, exit codes.</summary>
public sealed partial class OperatorProgram(Arguments arguments, ILoggerFactory loggers, TimeProvider time)
{
    private const string Name = "iris-operator";

    private readonly ILogger _logger = loggers.CreateLogger<OperatorProgram>();

    /// <returns>0 after a stop that was asked for, 1 when the process has to be restarted, 3 for a faulty installation.</returns>
    public async Task<int> RunAsync(KubernetesClientConfiguration configuration)
    {
        using var stopping = new CancellationTokenSource();
        using var client = new KubeClient(
            configuration, new KubeClientOptions { UserAgent = Name, Logger = loggers.CreateLogger<KubeClient>() }, time);
        using var host = new OperatorHost(client, HostOptions(), loggers, time, Jitter);
        using var registries = new RegistryTransport(arguments.Registry.ToOptions(), time);
        var clients = new RegistryClients(registries, arguments.Registry.CredentialsFile);
        using var pods = new PodMetricsClient(time);
        var scanner = Controllers.AddTo(
            host, Options(), new RegistryImageSource(clients.Get), pods, loggers, time, Jitter, arguments.Workers);
        host.AddWork(token => clients.WatchAsync(scanner.TriggerAll, time, token));

        // Both at once: kubelet need not wait for the caches, and the first object not for the endpoint or the answers about rights.
        var listening = Task.Run(() => ListenAsync(host, scanner, stopping));
        var working = host.RunAsync(stopping.Token);
        try
        {
            await using var endpoint = await listening;
            LogStarting(new Uri(configuration.Host), arguments.Namespace ?? "all", arguments.LeaderElect, arguments.Port);
            var checking = CheckRightsAsync(client, stopping);
            await working;
            return await checking ? 0 : 3;
        }
        catch (OperatorFailedException error)
        {
            LogFailed(error.Message);
            return 3;
        }
        catch (LeadershipLostException error)
        {
            LogFailed(error.Message);
            return 1;
        }
        finally
        {
            await stopping.CancelAsync();
            await working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>Started; it hears SIGTERM and SIGINT, too.</returns>
    private async Task<WebApplication> ListenAsync(OperatorHost host, RepositoryPoller scanner, CancellationTokenSource stopping)
    {
        var endpoint = OperatorEndpoint.Create(arguments.Port, loggers);
        endpoint.Lifetime.ApplicationStopping.Register(stopping.Cancel);
        OperatorEndpoint.MapProbesAndMetrics(endpoint, host.Live, host.Ready);
        if (arguments.Registry.EventsSecretFile is { } secret)
        {
            OperatorEndpoint.MapNotifications(endpoint, new RegistryNotifications(secret, () => host.IsLeading, scanner.Trigger));
        }

        await endpoint.StartAsync();
        return endpoint;
    }

    private OperatorOptions Options() => new()
    {
        TrainerImage = arguments.TrainerImage,
        ServingImage = arguments.ServingImage,
        PullSecrets = arguments.PullSecrets,
        Registries = arguments.Registry.Named,
        InsecureRegistries = arguments.Registry.Insecure,
        TokenServices = arguments.Registry.TokenServices,
        PlatformUserIds = arguments.PlatformUserIds,
        OnlyNamedRegistries = arguments.Registry.OnlyNamed,
    };

    private OperatorHostOptions HostOptions() => new()
    {
        Name = Name,
        Scope = NamespaceScope.Parse(arguments.Namespace),
        LeaderElection = arguments.LeaderElect
            ? new LeaderElectionOptions
            {
                Namespace = arguments.PodNamespace
                    ?? throw new FormatException("--leader-elect needs POD_NAMESPACE, where the lease is kept"),
                LeaseName = Name,
                // Not the pod's name alone: a container that was started again must not take its predecessor's lease for its own.
                Identity = $"{arguments.PodName ?? Environment.MachineName}_{Guid.NewGuid():N}",
            }
            : null,
    };

    /// <summary>Stops the operator when a right is missing: a controller that can only half work would hide it for days.</summary>
    private async Task<bool> CheckRightsAsync(KubeClient client, CancellationTokenSource stopping)
    {
        try
        {
            var missing = await RequiredRights.FindMissingAsync(client, arguments.Namespace, stopping.Token);
            foreach (var right in missing)
            {
                LogMissingRight(right);
            }

            if (missing.Count > 0)
            {
                await stopping.CancelAsync();
            }

            return missing.Count == 0;
        }
        catch (Exception error) when (error is KubeApiException or HttpRequestException or OperationCanceledException)
        {
            // Not an answer. The caches fail by the same cause and tell it.
            return true;
        }
    }

#pragma warning disable CA5394, RS0030 // It spreads delays and guards nothing; the rest of the program gets it from here.
    private static double Jitter() => Random.Shared.NextDouble();
#pragma warning restore CA5394, RS0030

    [LoggerMessage(
        1,
        LogLevel.Information,
        "Starting against {Server}, namespace {Scope}, leader election {LeaderElect}, health and metrics on port {Port}")]
    private partial void LogStarting(Uri server, string scope, bool leaderElect, int port);

    [LoggerMessage(2, LogLevel.Error, "Missing right: {Right}; install the roles of config/rbac or of the chart")]
    private partial void LogMissingRight(string right);

    [LoggerMessage(3, LogLevel.Error, "Exiting: {Reason}")]
    private partial void LogFailed(string reason);
}
