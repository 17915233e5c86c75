using IrisOperator.Kube.Runtime.Caching;
using IrisOperator.Kube.Runtime.Controllers;
using IrisOperator.Kube.Runtime.Events;
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
public sealed class OperatorHost
{
    public OperatorHost(
        IKubeClient client, OperatorHostOptions options, ILoggerFactory loggers, TimeProvider time, Func<double> jitter)
    {
        Client = client;
        Options = options;
        _ = loggers;
        _ = time;
        _ = jitter;
        Events = new EventRecorder();
    }

    /// <summary>Reads always; writes only while this process leads, else <see cref="Leadership.NotLeadingException"/>.</summary>
    public IKubeClient Client { get; }

    public EventRecorder Events { get; }

    public OperatorHostOptions Options { get; }

    /// <summary>The store of a type, filled once the host runs. Options count at the first call for the type only; later ones must pass null.</summary>
    public StoreReader<T> Store<T>(ReflectorOptions<T>? options = null)
        where T : class, IKubeResource<T> => throw new NotImplementedException($"{Options.Name} {options}");

    public void AddController<T>(string name, IReconciler<T> reconciler, Action<ControllerBuilder<T>>? configure = null)
        where T : class, IKubeResource<T> 
    {
        ArgumentNullException.ThrowIfNull(reconciler);
        configure?.Invoke(new ControllerBuilder<T>(name, this));
    }

    /// <summary>
    /// Returns after a stop, when all passes have ended. Throws when the process has to end: leadership lost, or no first list within
    /// the deadline. The caller exits non-zero and lets kubelet start it again; nothing here can be run twice.
    /// </summary>
    public Task RunAsync(CancellationToken cancellationToken) => throw new NotImplementedException(Client.ToString());

    /// <summary>For <c>/healthz</c>: false when a watch has been silent for too long.</summary>
    public HealthReport Live() => new(true, Options.Name);

    /// <summary>For <c>/readyz</c>: true once every cache is filled. A standby is ready too.</summary>
    public HealthReport Ready() => new(true, Options.Name);
}
