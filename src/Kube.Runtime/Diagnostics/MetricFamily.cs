using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace IrisOperator.Kube.Runtime.Diagnostics;

/// <summary>All series of one name. Labels come in a fixed order per instrument, at most three.</summary>
internal sealed class MetricFamily(string name, string help, string type, bool adds)
{
    private static readonly double[] _bounds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
    private readonly Lock _gate = new();
    private readonly Dictionary<LabelSet, Series> _series = [];

    public static MetricFamily For(Instrument instrument)
    {
        var kind = instrument.GetType().Name;
        var help = instrument.Description ?? "";
        return kind switch
        {
            _ when kind.StartsWith("Histogram", StringComparison.Ordinal) => new(instrument.Name, help, "histogram", adds: true),
            _ when kind.StartsWith("Counter", StringComparison.Ordinal) => new(instrument.Name, help, "counter", adds: true),
            _ when kind.StartsWith("UpDownCounter", StringComparison.Ordinal) => new(instrument.Name, help, "gauge", adds: true),
            _ when kind.StartsWith("ObservableCounter", StringComparison.Ordinal) => new(instrument.Name, help, "counter", adds: false),
            _ => new(instrument.Name, help, "gauge", adds: false),
        };
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new LabelSet(tags);
        lock (_gate)
        {
            if (!_series.TryGetValue(labels, out var series))
            {
                _series[labels] = series = new Series(type == "histogram" ? new long[_bounds.Length] : null);
            }

            series.Value = adds ? series.Value + value : value;
            series.Count++;
            for (var i = 0; i < series.Buckets?.Length; i++)
            {
                series.Buckets[i] += value <= _bounds[i] ? 1 : 0;
            }
        }
    }

    public void Print(StringBuilder text)
    {
        lock (_gate)
        {
            if (_series.Count == 0)
            {
                return;
            }

            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
            foreach (var (labels, series) in _series)
            {
                if (series.Buckets is null)
                {
                    Line(text, "", labels.Print(), series.Value);
                }
                else
                {
                    PrintHistogram(text, labels, series);
                }
            }
        }
    }

    private void PrintHistogram(StringBuilder text, LabelSet labels, Series series)
    {
        for (var i = 0; i < _bounds.Length; i++)
        {
            Line(text, "_bucket", labels.Print(_bounds[i].ToString(CultureInfo.InvariantCulture)), series.Buckets![i]);
        }

        Line(text, "_bucket", labels.Print("+Inf"), series.Count);
        Line(text, "_sum", labels.Print(), series.Value);
        Line(text, "_count", labels.Print(), series.Count);
    }

    private void Line(StringBuilder text, string suffix, string labels, double value) =>
        text.Append(CultureInfo.InvariantCulture, $"{name}{suffix}{labels} {value}\n");

    private sealed class Series(long[]? buckets)
    {
        public long[]? Buckets { get; } = buckets;

        public double Value { get; set; }

        public long Count { get; set; }
    }
}
