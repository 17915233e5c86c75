using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace IrisOperator.Kube.Runtime.Diagnostics;

/// <summary>The instruments of the runtime. Series that matter exist from the start with 0, so that a rate over them has no gap.</summary>
internal static class RuntimeMetrics
{
    public const string MeterName = "IrisOperator.Kube.Runtime";

    public static readonly ActivitySource Activities = new(MeterName);

    private static readonly Meter _meter = new(MeterName);

    private static readonly Counter<long> _reconciles = _meter.CreateCounter<long>(
        "controller_reconcile_total", description: "Passes by controller and result.");

    private static readonly Histogram<double> _durations = _meter.CreateHistogram<double>(
        "controller_reconcile_duration_seconds", description: "Time of one pass.");

    private static readonly UpDownCounter<long> _active = _meter.CreateUpDownCounter<long>(
        "controller_active_workers", description: "Passes under way.");

    private static readonly UpDownCounter<long> _depth = _meter.CreateUpDownCounter<long>(
        "workqueue_depth", description: "Keys that wait for a worker.");

    private static readonly Counter<long> _lists = _meter.CreateCounter<long>(
        "reflector_lists_total", description: "Complete lists taken in.");

    private static readonly Counter<long> _invalid = _meter.CreateCounter<long>(
        "reflector_invalid_objects_total", description: "Objects in lists that could not be decoded.");

    private static readonly Counter<long> _watchFailures = _meter.CreateCounter<long>(
        "reflector_watch_failures_total", description: "Lists and watches started over, by reason.");

    private static readonly Counter<long> _events = _meter.CreateCounter<long>(
        "event_recorder_events_total", description: "Kubernetes events by what became of them.");

    private static readonly string[] _reasons = ["expired", "invalid", "idle", "closed", "list_failed", "watch_failed", "crashed"];

    public static void Expect(string resource)
    {
        _lists.Add(0, Tag("resource", resource));
        _invalid.Add(0, Tag("resource", resource));
        foreach (var reason in _reasons)
        {
            _watchFailures.Add(0, Tag("resource", resource), Tag("reason", reason));
        }
    }

    public static void ExpectController(string controller)
    {
        foreach (var result in ReconcileResults.All)
        {
            _reconciles.Add(0, Tag("controller", controller), Tag("result", result));
        }

        _active.Add(0, Tag("controller", controller));
        _depth.Add(0, Tag("controller", controller));
    }

    public static void Reconciled(string controller, string result, TimeSpan took)
    {
        _reconciles.Add(1, Tag("controller", controller), Tag("result", result));
        _durations.Record(took.TotalSeconds, Tag("controller", controller));
    }

    public static void Active(string controller, int change) => _active.Add(change, Tag("controller", controller));

    public static void Depth(string controller, int change) => _depth.Add(change, Tag("controller", controller));

    public static void Listed(string resource, int invalid)
    {
        _lists.Add(1, Tag("resource", resource));
        _invalid.Add(invalid, Tag("resource", resource));
    }

    public static void WatchFailed(string resource, string reason) =>
        _watchFailures.Add(1, Tag("resource", resource), Tag("reason", reason));

    public static void EventHandled(string result) => _events.Add(1, Tag("result", result));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
