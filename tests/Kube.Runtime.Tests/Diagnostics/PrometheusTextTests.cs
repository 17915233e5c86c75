using System.Diagnostics.Metrics;
using IrisOperator.Kube.Runtime.Diagnostics;

namespace IrisOperator.Kube.Runtime.Tests.Diagnostics;

public sealed class PrometheusTextTests : IDisposable
{
    private readonly Meter _meter = new("PrometheusTextTests.meter");
    private readonly PrometheusText _text = new("PrometheusTextTests.");

    public void Dispose()
    {
        _text.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void counters_add_up_by_label_and_exist_from_zero()
    {
        var counter = _meter.CreateCounter<long>("passes_total", description: "Passes.");
        counter.Add(0, new KeyValuePair<string, object?>("result", "error"));
        counter.Add(2, new KeyValuePair<string, object?>("result", "success"));
        counter.Add(3, new KeyValuePair<string, object?>("result", "success"));

        var text = _text.Print();

        Assert.Contains("# HELP passes_total Passes.\n# TYPE passes_total counter\n", text, StringComparison.Ordinal);
        Assert.Contains("passes_total{result=\"error\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("passes_total{result=\"success\"} 5\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void histograms_have_cumulative_buckets()
    {
        var histogram = _meter.CreateHistogram<double>("took_seconds");
        histogram.Record(0.02);
        histogram.Record(3);

        var text = _text.Print();

        Assert.Contains("took_seconds_bucket{le=\"0.01\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("took_seconds_bucket{le=\"0.025\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("took_seconds_bucket{le=\"+Inf\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("took_seconds_sum 3.02\ntook_seconds_count 2\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void gauges_show_the_last_value_and_labels_are_escaped()
    {
        var value = 1.5;
        _meter.CreateObservableGauge(
            "age_seconds", () => new Measurement<double>(value, new KeyValuePair<string, object?>("name", "a\"b\\c\nd")));
        _text.Print();
        value = 2.5;

        Assert.Contains("age_seconds{name=\"a\\\"b\\\\c\\nd\"} 2.5\n", _text.Print(), StringComparison.Ordinal);
    }

    [Fact]
    public void other_meters_stay_out()
    {
        using var other = new Meter("Other");
        other.CreateCounter<long>("other_total").Add(1);

        Assert.DoesNotContain("other_total", _text.Print(), StringComparison.Ordinal);
    }

    [Fact]
    public void process_is_in() => Assert.Contains("process_resident_memory_bytes ", _text.Print(), StringComparison.Ordinal);
}
