using System.Diagnostics.Metrics;
using System.Text;

namespace IrisOperator.Kube.Runtime.Diagnostics;

/// <summary>
/// Collects the instruments of every meter whose name begins with a prefix and prints them as Prometheus text, format 0.0.4.
/// Instrument names are printed as they are, so they follow Prometheus' rules.
/// </summary>
/// <remarks>Create it before the instruments are used: what was counted earlier is not seen.</remarks>
public sealed class PrometheusText : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener _listener = new();
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);

    public PrometheusText(string meterPrefix = "IrisOperator.")
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith(meterPrefix, StringComparison.Ordinal))
            {
                listener.EnableMeasurementEvents(instrument, Family(instrument));
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        _listener.Start();
    }

    /// <summary>All series, those of the process included (resident memory, CPU seconds).</summary>
    public string Print()
    {
        _listener.RecordObservableInstruments();
        var text = new StringBuilder(8192);
        lock (_gate)
        {
            foreach (var family in _families.Values)
            {
                family.Print(text);
            }
        }

        ProcessMetrics.Print(text);
        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private MetricFamily Family(Instrument instrument)
    {
        lock (_gate)
        {
            if (!_families.TryGetValue(instrument.Name, out var family))
            {
                _families[instrument.Name] = family = MetricFamily.For(instrument);
            }

            return family;
        }
    }
}
