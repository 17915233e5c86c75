using System.Diagnostics;
using Prometheus;

namespace IrisOperator.Kube.Runtime.Diagnostics;

/// <summary>The metrics of the process. Series that matter exist from the start with 0, so that a rate over them has no gap.</summary>
/// <remarks>prometheus-net's own instruments: an update takes a third of what its adapter for System.Diagnostics takes.</remarks>
public static class RuntimeMetrics
{
    /// <summary>Writes the page for Prometheus; a program may add metrics of its own.</summary>
    public static readonly CollectorRegistry Registry = CreateRegistry();

    internal static readonly ActivitySource Activities = new("IrisOperator.Kube.Runtime");

    private static readonly MetricFactory _create = CreateFactory();

    private static readonly Counter _reconciles = _create.CreateCounter(
        "controller_reconcile_total", "Reconciles by controller and result.", "controller", "result");

    private static readonly Histogram _durations = _create.CreateHistogram(
        "controller_reconcile_duration_seconds", "Time of one reconcile.", ["controller"],
        new HistogramConfiguration { Buckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] });

    internal static readonly Gauge ActiveWorkers = _create.CreateGauge(
        "controller_active_workers", "Reconciles that are going on.", "controller");

    internal static readonly Gauge QueueDepth = _create.CreateGauge("workqueue_depth", "Keys that wait for a worker.", "controller");
    private static readonly Counter _lists = _create.CreateCounter("reflector_lists_total", "Complete lists taken in.", "resource");

    private static readonly Counter _invalid = _create.CreateCounter(
        "reflector_invalid_objects_total", "Objects in lists that could not be decoded.", "resource");

    internal static readonly Counter WatchFailures = _create.CreateCounter(
        "reflector_watch_failures_total", "Lists and watches started over, by reason.", "resource", "reason");

    internal static readonly Gauge Silence = _create.CreateGauge(
        "reflector_last_event_age_seconds", "Time since the last list, event or bookmark.", "resource");

    internal static readonly Gauge Leading = _create.CreateGauge("leader_election_leading", "1 while writes are allowed.");

    internal static readonly Counter Events = _create.CreateCounter(
        "event_recorder_events_total", "Kubernetes events by what became of them.", "result");

    internal static readonly Counter Requests = _create.CreateCounter(
        "kube_client_requests_total", "Requests to the API server by method, resource and status code; code 0: no answer.",
        "method", "resource", "code");

    internal static readonly Counter Warnings = _create.CreateCounter(
        "kube_client_warnings_total", "Warnings of the API server in its answers, by resource.", "resource");

    private static readonly Gauge _resident = _create.CreateGauge("process_resident_memory_bytes", "Resident memory.");
    private static readonly Counter _cpu = _create.CreateCounter("process_cpu_seconds_total", "User and system CPU time.");
    private static readonly Gauge _heap = _create.CreateGauge("dotnet_gc_heap_bytes", "Managed memory, free parts not counted.");
    private static readonly string[] _reasons = ["expired", "invalid", "idle", "closed", "list_failed", "watch_failed", "crashed"];

    /// <summary>Raised before a page is written: the moment to set what is measured and not counted.</summary>
    internal static event Action? Collecting;

    internal static void Expect(string resource)
    {
        _lists.WithLabels(resource);
        _invalid.WithLabels(resource);
        foreach (var reason in _reasons)
        {
            WatchFailures.WithLabels(resource, reason);
        }
    }

    internal static void ExpectController(string controller)
    {
        foreach (var result in ReconcileResults.All)
        {
            _reconciles.WithLabels(controller, result);
        }

        ActiveWorkers.WithLabels(controller);
        QueueDepth.WithLabels(controller);
    }

    internal static void Reconciled(string controller, string result, TimeSpan took)
    {
        _reconciles.WithLabels(controller, result).Inc();
        _durations.WithLabels(controller).Observe(took.TotalSeconds);
    }

    internal static void Listed(string resource, int invalid)
    {
        _lists.WithLabels(resource).Inc();
        _invalid.WithLabels(resource).Inc(invalid);
    }

    private static CollectorRegistry CreateRegistry()
    {
        var registry = Metrics.NewCustomRegistry();
        registry.AddBeforeCollectCallback(() =>
        {
            _resident.Set(Environment.WorkingSet);
            _cpu.IncTo(Environment.CpuUsage.TotalTime.TotalSeconds);
            _heap.Set(GC.GetTotalMemory(false));
            Collecting?.Invoke();
        });
        return registry;
    }

    private static MetricFactory CreateFactory()
    {
        var factory = Metrics.WithCustomRegistry(Registry);
        factory.ExemplarBehavior = ExemplarBehavior.NoExemplars();
        return factory;
    }
}

/// <summary>Values of the label <c>result</c>.</summary>
internal static class ReconcileResults
{
    public const string Success = "success";
    public const string Requeue = "requeue_after";
    public const string Wait = "wait";
    public const string Stalled = "stalled";
    public const string Terminal = "terminal";
    public const string Conflict = "conflict";
    public const string Error = "error";

    public static readonly string[] All = [Success, Requeue, Wait, Stalled, Terminal, Conflict, Error];
}
