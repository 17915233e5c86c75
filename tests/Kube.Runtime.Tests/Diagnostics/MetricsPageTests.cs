using System.Text;
using System.Text.RegularExpressions;
using IrisOperator.Kube.Runtime.Diagnostics;
using IrisOperator.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrisOperator.Kube.Runtime.Tests.Diagnostics;

/// <summary>Names, types, labels, buckets and help texts are an API: dashboards and alerts are made of them.</summary>
public sealed partial class MetricsPageTests
{
    private const string Families = """
        controller_active_workers gauge controller: Reconciles that are going on.
        controller_reconcile_duration_seconds histogram controller: Time of one reconcile.
        controller_reconcile_total counter controller,result: Reconciles by controller and result.
        dotnet_gc_heap_bytes gauge : Managed memory, free parts not counted.
        event_recorder_events_total counter result: Kubernetes events by what became of them.
        kube_client_requests_total counter method,resource,code: Requests to the API server by method, resource and status code; \
        code 0: no answer.
        kube_client_warnings_total counter resource: Warnings of the API server in its answers, by resource.
        leader_election_leading gauge : 1 while writes are allowed.
        process_cpu_seconds_total counter : User and system CPU time.
        process_resident_memory_bytes gauge : Resident memory.
        reflector_invalid_objects_total counter resource: Objects in lists that could not be decoded.
        reflector_last_event_age_seconds gauge resource: Time since the last list, event or bookmark.
        reflector_lists_total counter resource: Complete lists taken in.
        reflector_watch_failures_total counter resource,reason: Lists and watches started over, by reason.
        workqueue_depth gauge controller: Keys that wait for a worker.
        """;

    private const string Series = """
        controller_active_workers{controller="table"} 1
        controller_reconcile_duration_seconds_bucket{controller="table",le="+Inf"} 2
        controller_reconcile_duration_seconds_bucket{controller="table",le="0.001"} 0
        controller_reconcile_duration_seconds_bucket{controller="table",le="0.005"} 0
        controller_reconcile_duration_seconds_bucket{controller="table",le="0.01"} 0
        controller_reconcile_duration_seconds_bucket{controller="table",le="0.025"} 1
        controller_reconcile_duration_seconds_bucket{controller="table",le="0.05"} 1
        controller_reconcile_duration_seconds_bucket{controller="table",le="0.1"} 1
        controller_reconcile_duration_seconds_bucket{controller="table",le="0.25"} 1
        controller_reconcile_duration_seconds_bucket{controller="table",le="0.5"} 1
        controller_reconcile_duration_seconds_bucket{controller="table",le="1"} 1
        controller_reconcile_duration_seconds_bucket{controller="table",le="10"} 2
        controller_reconcile_duration_seconds_bucket{controller="table",le="2.5"} 1
        controller_reconcile_duration_seconds_bucket{controller="table",le="30"} 2
        controller_reconcile_duration_seconds_bucket{controller="table",le="5"} 2
        controller_reconcile_duration_seconds_bucket{controller="table",le="60"} 2
        controller_reconcile_duration_seconds_count{controller="table"} 2
        controller_reconcile_duration_seconds_sum{controller="table"} 3.02
        controller_reconcile_total{controller="table",result="conflict"} 0
        controller_reconcile_total{controller="table",result="error"} 1
        controller_reconcile_total{controller="table",result="requeue_after"} 0
        controller_reconcile_total{controller="table",result="stalled"} 0
        controller_reconcile_total{controller="table",result="success"} 1
        controller_reconcile_total{controller="table",result="terminal"} 0
        controller_reconcile_total{controller="table",result="wait"} 0
        event_recorder_events_total{result="table"} 1
        kube_client_warnings_total{resource="table"} 1
        reflector_invalid_objects_total{resource="table"} 3
        reflector_lists_total{resource="table"} 1
        reflector_watch_failures_total{resource="table",reason="closed"} 0
        reflector_watch_failures_total{resource="table",reason="crashed"} 0
        reflector_watch_failures_total{resource="table",reason="expired"} 0
        reflector_watch_failures_total{resource="table",reason="idle"} 2
        reflector_watch_failures_total{resource="table",reason="invalid"} 0
        reflector_watch_failures_total{resource="table",reason="list_failed"} 0
        reflector_watch_failures_total{resource="table",reason="watch_failed"} 0
        workqueue_depth{controller="table"} 4
        """;

    [Fact]
    public async Task names_types_labels_buckets_and_help_texts_are_those_that_were_recorded_and_promtool_finds_no_fault()
    {
        using var host = new OperatorHost(
            new Silent(), new OperatorHostOptions { Name = "table" }, NullLoggerFactory.Instance, TimeProvider.System, () => 0.5);
        host.Store<V1Job>();
        await AskNobodyAsync();
        Use();
        var text = await PageAsync();
        var page = Lines(text.TrimEnd('\n'));

        Assert.Equal(Lines(Families), FamiliesOf(page));
        Assert.Equal(Lines(Series), page.Where(line => line.Contains("\"table\"", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal("", await Promtool.CheckAsync(text, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void each_metric_is_on_the_page_of_the_program()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "spec", "operator.md"));

        Assert.All(Lines(Families), family => Assert.Contains($"`{family.Split(' ')[0]}", page, StringComparison.Ordinal));
    }

    private static void Use()
    {
        RuntimeMetrics.Expect("table");
        RuntimeMetrics.ExpectController("table");
        RuntimeMetrics.Reconciled("table", ReconcileResults.Success, TimeSpan.FromMilliseconds(20));
        RuntimeMetrics.Reconciled("table", ReconcileResults.Error, TimeSpan.FromSeconds(3));
        RuntimeMetrics.ActiveWorkers.WithLabels("table").Inc();
        RuntimeMetrics.QueueDepth.WithLabels("table").Inc(5);
        RuntimeMetrics.QueueDepth.WithLabels("table").Inc(-1);
        RuntimeMetrics.Listed("table", 3);
        RuntimeMetrics.WatchFailures.WithLabels("table", "idle").Inc();
        RuntimeMetrics.WatchFailures.WithLabels("table", "idle").Inc();
        RuntimeMetrics.Events.WithLabels("table").Inc();
        RuntimeMetrics.Warnings.WithLabels("table").Inc();
    }

    private static async Task<string> PageAsync()
    {
        using var page = new MemoryStream();
        await RuntimeMetrics.Registry.CollectAndExportAsTextAsync(page, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(page.ToArray());
    }

    // The client counts a request that got no answer.
    private static async Task AskNobodyAsync()
    {
        using var client = new KubeClient(
            new KubernetesClientConfiguration { Host = "http://127.0.0.1:9" },
            new KubeClientOptions { MaxRetries = 0 },
            TimeProvider.System);
        await Assert.ThrowsAnyAsync<Exception>(
            () => client.GetAsync<V1Job>(new ObjectKey("ns", "name"), TestContext.Current.CancellationToken));
    }

    /// <returns>Each family as: name, type, names of its labels: help text.</returns>
    private static IEnumerable<string> FamiliesOf(string[] page)
    {
        foreach (var help in page.Where(line => line.StartsWith("# HELP ", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var (name, text) = help.Split(' ', 4) is [_, _, var first, var rest] ? (first, rest) : default;
            var type = page.Single(line => line.StartsWith($"# TYPE {name} ", StringComparison.Ordinal)).Split(' ')[3];
            var series = page.First(line => line[0] != '#' && line.StartsWith(name!, StringComparison.Ordinal));
            var labels = LabelName().Matches(series).Select(match => match.Groups[1].Value).Where(label => label != "le");
            yield return $"{name} {type} {string.Join(',', labels)}: {text}";
        }
    }

    // A backslash at the end of a line continues it.
    private static string[] Lines(string text) => text.Replace("\\\n", "", StringComparison.Ordinal).Split('\n');

    [GeneratedRegex("([a-z_]+)=\"")]
    private static partial Regex LabelName();

    private sealed class Silent : ClientStub;
}
