using System.Globalization;
using System.Text;

namespace IrisOperator.ServingImage.Metrics;

/// <summary>
/// Prometheus text exposition format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/).
/// </summary>
internal sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();

    public static byte[] Of(ServingMetrics metrics)
    {
        var page = new PrometheusText();
        page.Requests(metrics);
        page.Predictions(metrics);
        page.Process(metrics);
        return Encoding.UTF8.GetBytes(page._text.ToString());
    }

    private void Requests(ServingMetrics metrics)
    {
        Head(
            "iris_requests_total",
            "counter",
            "Answered requests by status code, health checks and scrapes excepted; 499 is a client that went away.");
        foreach (var code in ServingMetrics.Codes)
        {
            Line("iris_requests_total", ("code", Number(code)), metrics.Requests(code));
        }
        Head("iris_requests_in_flight", "gauge", "Requests that have begun and are not yet answered.");
        Line("iris_requests_in_flight", null, metrics.InFlight);
        Head("iris_request_duration_seconds", "histogram", "From the header of a request to its answer, the arrival of its body included.");
        var cumulative = 0L;
        for (var i = 0; i < DurationHistogram.Bounds.Length; i++)
        {
            cumulative += metrics.Durations.InBucket(i);
            var bound = DurationHistogram.Bounds[i].ToString("0.#####", CultureInfo.InvariantCulture);
            Line("iris_request_duration_seconds_bucket", ("le", bound), cumulative);
        }
        cumulative += metrics.Durations.InBucket(DurationHistogram.Bounds.Length);
        Line("iris_request_duration_seconds_bucket", ("le", "+Inf"), cumulative);
        Line("iris_request_duration_seconds_sum", null, metrics.Durations.SumSeconds);
        Line("iris_request_duration_seconds_count", null, cumulative);
    }

    private void Predictions(ServingMetrics metrics)
    {
        var model = metrics.Model;
        Head("iris_predictions_total", "counter", "Rows answered, by predicted class.");
        for (var i = 0; i < model.Classes.Count; i++)
        {
            Line("iris_predictions_total", ("class", model.Classes[i]), metrics.Predictions.Sum(i));
        }
        Head("iris_out_of_range_total", "counter", "Values outside the range of the training rows, by feature.");
        for (var i = 0; i < model.Features.Count; i++)
        {
            Line("iris_out_of_range_total", ("feature", model.Features[i].Name), metrics.OutOfRange.Sum(i));
        }
        Head("iris_model_info", "gauge", "The model that is served; always 1.");
        var (digest, algorithm) = (Escaped(metrics.ModelDigest), Escaped(model.Algorithm));
        _text.Append(CultureInfo.InvariantCulture, $"iris_model_info{{digest=\"{digest}\",algorithm=\"{algorithm}\"}} 1\n");
    }

    private void Process(ServingMetrics metrics)
    {
        Head("process_start_time_seconds", "gauge", "Start of the process in seconds since 1970.");
        Line("process_start_time_seconds", null, metrics.Started.ToUnixTimeMilliseconds() / 1000.0);
        Head("process_cpu_seconds_total", "counter", "User and system time of the process.");
        Line("process_cpu_seconds_total", null, Environment.CpuUsage.TotalTime.TotalSeconds);
        Head("process_resident_memory_bytes", "gauge", "Resident memory of the process.");
        Line("process_resident_memory_bytes", null, Environment.WorkingSet);
        Head("process_open_fds", "gauge", "Open file descriptors, this scrape's own excepted.");
        Line("process_open_fds", null, Directory.EnumerateFileSystemEntries("/proc/self/fd").Count() - 1);
    }

    private void Head(string name, string type, string help)
    {
        _text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
    }

    private void Line(string name, (string Name, string Value)? label, double value)
    {
        _text.Append(name);
        if (label is { } pair)
        {
            _text.Append(CultureInfo.InvariantCulture, $"{{{pair.Name}=\"{Escaped(pair.Value)}\"}}");
        }
        _text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Label values escape these three and nothing else.</summary>
    private static string Escaped(string value)
    {
        return value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
    }
}
