using IrisOperator.Kube.Runtime.Caching;
using IrisOperator.Kube.Runtime.Controllers;
using IrisOperator.Kube.Runtime.Diagnostics;
using IrisOperator.Kube.Runtime.Events;
using IrisOperator.Kube.Runtime.Leadership;
using Microsoft.Extensions.Logging;

namespace IrisOperator.Kube.Runtime;

/// <summary>Everything an operator runs: one reflector per type, the controllers, the election.</summary>
/// <example><code>
/// var host = new OperatorHost(client, options, loggers, TimeProvider.System, jitter);
/// var trainings = host.Store&lt;IrisTraining&gt;();
/// host.AddController("training", new TrainingReconciler(host.Client, trainings, host.Events),
///     c => c.Owns&lt;V1Job&gt;().Owns&lt;V1Pod&gt;(Labels.Training).Watches&lt;IrisModel&gt;(Map));
/// await host.RunAsync(stopping);
/// </code></example>
public sealed partial class OperatorHost : IDisposable
{
    private readonly Dictionary<Type, object> _stores = [];
    private readonly List<IReflector> _reflectors = [];
    private readonly List<IController> _controllers = [];
    private readonly List<Func<CancellationToken, Task>> _work = [];
    private readonly List<Action> _gauges = [];
    private readonly IKubeClient _raw;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Func<double> _jitter;
    private readonly LeadershipGate _gate;
    private bool _running;

    /// <param name="client">Not gated; the host gates it.</param>
    /// <param name="jitter">Numbers from 0 to below 1.</param>
    public OperatorHost(
        IKubeClient client, OperatorHostOptions options, ILoggerFactory loggers, TimeProvider time, Func<double> jitter)
    {
        options.LeaderElection?.Validate();
        Options = options;
        _raw = client;
        _loggers = loggers;
        _logger = loggers.CreateLogger<OperatorHost>();
        _time = time;
        _jitter = jitter;
        _gate = new LeadershipGate(time);
        Client = new GatedKubeClient(client, _gate);
        var instance = options.LeaderElection?.Identity ?? Environment.MachineName;
        Events = new EventRecorder(Client, options.Name, instance, loggers.CreateLogger<EventRecorder>(), time);
        RuntimeMetrics.Collecting += Measure;
    }

    /// <summary>Reads always; writes only while this process leads, else <see cref="NotLeadingException"/>.</summary>
    public IKubeClient Client { get; }

    public EventRecorder Events { get; }

    /// <summary>True while writes are allowed.</summary>
    public bool IsLeading => _gate.IsOpen;

    public OperatorHostOptions Options { get; }

    /// <summary>
    /// The store of a type, filled once the host runs. Options count at the first call for the type; later ones must pass null.
    /// </summary>
    public StoreReader<T> Store<T>(ReflectorOptions<T>? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (_stores.TryGetValue(typeof(T), out var known))
        {
            return options is null
                ? (StoreReader<T>)known
                : throw new InvalidOperationException($"the store of {Kind<T>.Definition.Kind} exists already, with other options");
        }

        ThrowIfRunning();
        options ??= new ReflectorOptions<T>();
        var scope = Kind<T>.Definition.Namespaced ? options.Scope ?? Options.Scope : NamespaceScope.All;
        var reflector = new Reflector<T>(_raw, scope, options, _loggers.CreateLogger<Reflector<T>>(), _time, _jitter);
        _stores[typeof(T)] = reflector.Store;
        _reflectors.Add(reflector);
        RuntimeMetrics.Expect(reflector.Resource);
        return reflector.Store;
    }

    public void AddController<T>(string name, IReconciler<T> reconciler, Action<ControllerBuilder<T>>? configure = null)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        ThrowIfRunning();
        var settings = new ControllerBuilder<T>(name, this);
        configure?.Invoke(settings);
        RuntimeMetrics.ExpectController(name);
        _controllers.Add(new Controller<T>(settings, Store<T>(), reconciler, _loggers.CreateLogger<Controller<T>>(), _time, _jitter));
    }

    /// <summary>
    /// What else is done as long as this process leads, such as looking at things outside of the cluster. A failure of it ends the process.
    /// </summary>
    /// <param name="work">Runs until its token is cancelled.</param>
    public void AddWork(Func<CancellationToken, Task> work)
    {
        ThrowIfRunning();
        _work.Add(work);
    }

    /// <param name="set">Sets gauges from what the caches hold, before each page of metrics: quick, and from any thread.</param>
    public void AddGauges(Action set)
    {
        ThrowIfRunning();
        _gauges.Add(set);
    }

    /// <summary>
    /// Returns after a stop, when all reconciles have ended. Throws when the process has to end: leadership lost, or no first list within
    /// the deadline. The caller exits non-zero and lets kubelet start it again; nothing here can be run twice.
    /// </summary>
    /// <exception cref="OperatorFailedException">A first list did not come; the message names verb and resource.</exception>
    /// <exception cref="LeadershipLostException">The lease went to another, or could not be renewed.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        ThrowIfRunning();
        _running = true;
        _controllers.ForEach(controller => controller.Subscribe());
        using var background = new CancellationTokenSource();
        var tasks = new List<Task>(_reflectors.Select(reflector => reflector.RunAsync(background.Token)))
        {
            Events.RunAsync(background.Token),
        };
        try
        {
            await RunWithElectionAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped as a standby, or before the caches were filled: there is nothing to drain.
        }
        finally
        {
            _gate.Close();
            await background.CancelAsync();
            await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>For <c>/healthz</c>: false when the loop of a watch is stuck. A restart mends no outage of the API server.</summary>
    public HealthReport Live()
    {
        var complaints = _reflectors.Where(r => _running && r.SinceLastTurn > Options.StuckAfter)
            .Select(r => $"the watch of {r.Resource} is stuck for {r.SinceLastTurn.TotalSeconds:F0} s").ToArray();
        return complaints.Length == 0 ? new HealthReport(true, "ok") : new HealthReport(false, string.Join("; ", complaints));
    }

    /// <summary>For <c>/readyz</c>: true once every cache is filled. A standby is ready too.</summary>
    public HealthReport Ready()
    {
        var missing = Unsynced();
        return _running && missing.Length == 0
            ? new HealthReport(true, "ok")
            : new HealthReport(false, missing.Length > 0 ? missing : "not started");
    }

    public void Dispose()
    {
        RuntimeMetrics.Collecting -= Measure;
        _controllers.ForEach(controller => controller.Dispose());
    }

    private void Measure()
    {
        RuntimeMetrics.Leading.Set(_gate.IsOpen ? 1 : 0);
        _reflectors.ForEach(reflector => RuntimeMetrics.Silence.WithLabels(reflector.Resource).Set(reflector.Silence.TotalSeconds));
        _gauges.ForEach(set => set());
    }

    private async Task RunWithElectionAsync(CancellationToken stopping)
    {
        // A standby fills its caches too, and one that cannot must not look healthy until the day it is needed.
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var synced = WaitUntilSyncedAsync(stopping);
        _ = synced.ContinueWith(
            _ => failed.Cancel(),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        try
        {
            if (Options.LeaderElection is not { } election)
            {
                await synced;
                _gate.OpenForEver();
                await LeadAsync(synced, stopping, lost: CancellationToken.None);
                return;
            }

            var elector = new LeaderElector(_raw, election, _gate, _loggers.CreateLogger<LeaderElector>(), _time, _jitter);
            await elector.RunAsync(lost => LeadAsync(synced, stopping, lost), failed.Token);
        }
        catch (OperationCanceledException) when (synced.IsFaulted)
        {
            await synced;
        }
    }

    private async Task LeadAsync(Task synced, CancellationToken stopping, CancellationToken lost)
    {
        await synced.WaitAsync(lost);
        await new LeaderWork(_controllers, _work, Options.DrainTimeout, _loggers.CreateLogger<LeaderWork>(), _time)
            .RunAsync(stopping, lost);
    }

    private async Task WaitUntilSyncedAsync(CancellationToken cancellationToken)
    {
        var all = Task.WhenAll(_reflectors.Select(reflector => reflector.WaitUntilSyncedAsync(cancellationToken)));
        try
        {
            await all.WaitAsync(Options.InitialSyncDeadline, _time, cancellationToken);
            LogSynced(_reflectors.Count);
        }
        catch (TimeoutException)
        {
            throw new OperatorFailedException($"not synced within {Options.InitialSyncDeadline.TotalSeconds} s: {Unsynced()}");
        }
    }

    private string Unsynced() => string.Join(
        "; ", _reflectors.Where(reflector => !reflector.IsSynced).Select(r => $"{r.Resource}: {r.LastError ?? "no answer yet"}"));

    private void ThrowIfRunning()
    {
        if (_running)
        {
            throw new InvalidOperationException("the host runs already");
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "All {Count} caches are filled")]
    private partial void LogSynced(int count);
}
