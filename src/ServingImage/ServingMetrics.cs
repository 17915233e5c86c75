using System.Globalization;
using IrisOperator.Learning;
using Prometheus;

namespace IrisOperator.ServingImage;

/// <summary>Everything that is counted. Health checks and scrapes count nothing, so that the figures are about clients.</summary>
internal sealed class ServingMetrics
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>For a client that went away before its answer (nginx' convention).</summary>
    public const int ClientGone = 499;

    /// <summary>Every status that the program gives; another one (Kestrel's own) is counted under the last, 500.</summary>
    private static readonly int[] _codes = [200, 400, 404, 405, 408, 413, 415, ClientGone, 503, 504, 500];

    /// <summary>Seconds. A prediction takes microseconds, so the finest bucket is a twentieth of a millisecond.</summary>
    private static readonly double[] _bounds =
    [
        0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
    ];

    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly Counter.Child[] _requests;
    private readonly Gauge _inFlight;
    private readonly Histogram _durations;

    public ServingMetrics(Model model, string modelDigest, TimeProvider clock)
    {
        var metrics = Metrics.WithCustomRegistry(_registry);
        metrics.ExemplarBehavior = ExemplarBehavior.NoExemplars();
        _requests = Children(
            metrics,
            "iris_requests_total",
            "Answered requests by status code, health checks and scrapes excepted; 499 is a client that went away.",
            "code",
            _codes.Select(code => code.ToString(CultureInfo.InvariantCulture)));
        _inFlight = metrics.CreateGauge("iris_requests_in_flight", "Requests that have begun and are not yet answered.");
        _durations = metrics.CreateHistogram(
            "iris_request_duration_seconds",
            "From the header of a request to its answer, the arrival of its body included.",
            new HistogramConfiguration { Buckets = _bounds });
        Predictions = model.IsRegression
            ? [metrics.CreateCounter("iris_predictions_total", "Rows answered.")]
            : Children(metrics, "iris_predictions_total", "Rows answered, by predicted class.", "class", model.Classes);
        OutOfRange = ByFeature(
            metrics,
            "iris_out_of_range_total",
            "Values outside the range of the training rows, by feature.",
            model,
            feature => feature.Categories is null);
        Missing = ByFeature(
            metrics, "iris_missing_values_total", "Values that were missing, by feature.", model, feature => feature.TakesMissing);
        Unseen = ByFeature(
            metrics,
            "iris_unseen_categories_total",
            "Values that no training row has, by feature.",
            model,
            feature => feature.Categories is not null);
        metrics.CreateGauge("iris_model_info", "The model that is served; always 1.", "digest", "algorithm")
            .WithLabels(modelDigest, model.Algorithm).Set(1);
        AddProcess(metrics, clock.GetUtcNow());
    }

    /// <summary>By class; a single one for a regression.</summary>
    public ICounter[] Predictions { get; }

    /// <summary>By feature that is a number: values below or above those of the training rows. They are answered all the same.</summary>
    public Counter.Child?[] OutOfRange { get; }

    /// <summary>By feature that may be missing.</summary>
    public Counter.Child?[] Missing { get; }

    /// <summary>By feature that is text: values that are none of its categories. They are answered all the same.</summary>
    public Counter.Child?[] Unseen { get; }

    public void BeginRequest() => _inFlight.Inc();

    public void EndRequest(int code, TimeSpan duration)
    {
        _inFlight.Dec();
        var index = Array.IndexOf(_codes, code);
        _requests[index < 0 ? ^1 : index].Inc();
        _durations.Observe(duration.TotalSeconds);
    }

    /// <returns>The page in the Prometheus text format 0.0.4.</returns>
    public async Task<byte[]> ExportAsync()
    {
        using var page = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(page);
        return page.ToArray();
    }

    /// <summary>One child a label value, there from the start: a counter that begins with its first event has no rate.</summary>
    private static Counter.Child[] Children(
        MetricFactory metrics, string name, string help, string label, IEnumerable<string> values)
    {
        var counter = metrics.CreateCounter(name, help, label);
        return [.. values.Select(value => counter.WithLabels(value))];
    }

    /// <summary>Null for a feature that is not asked for; no family at all where none is.</summary>
    private static Counter.Child?[] ByFeature(MetricFactory metrics, string name, string help, Model model, Func<Feature, bool> counts)
    {
        var counter = model.Features.Any(counts) ? metrics.CreateCounter(name, help, "feature") : null;
        return [.. model.Features.Select(feature => counts(feature) ? counter?.WithLabels(feature.Name) : null)];
    }

    private void AddProcess(MetricFactory metrics, DateTimeOffset started)
    {
        metrics.CreateGauge("process_start_time_seconds", "Start of the process in seconds since 1970.")
            .Set(started.ToUnixTimeMilliseconds() / 1000.0);
        var cpu = metrics.CreateCounter("process_cpu_seconds_total", "User and system time of the process.");
        var memory = metrics.CreateGauge("process_resident_memory_bytes", "Resident memory of the process.");
        var files = metrics.CreateGauge("process_open_fds", "Open file descriptors, this scrape's own excepted.");
        _registry.AddBeforeCollectCallback(() =>
        {
            cpu.IncTo(Environment.CpuUsage.TotalTime.TotalSeconds);
            memory.Set(Environment.WorkingSet);
            files.Set(Directory.EnumerateFileSystemEntries("/proc/self/fd").Count() - 1);
        });
    }
}
