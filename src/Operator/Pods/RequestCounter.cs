using System.Text.RegularExpressions;

namespace IrisOperator.Operator.Pods;

/// <summary>Reads the requests that a server answered from its page of metrics (Prometheus text format 0.0.4).</summary>
public static partial class RequestCounter
{
    // Beyond it a double skips whole numbers.
    private const double MaxCount = 1L << 53;

    /// <returns>Null when the page has no such counter, or one that cannot be read.</returns>
    public static (long Requests, long Errors)? Read(string page)
    {
        var samples = page.Split('\n')
            .Where(line => line.StartsWith("iris_requests_total{", StringComparison.Ordinal))
            .Select(line => Sample().Match(line))
            .ToList();
        var requests = samples.Where(sample => sample.Success).Sum(Count);
        // Not 499: that is a client which went away.
        var errors = samples.Where(sample => sample.Success && sample.Groups["code"].Value[0] >= '5').Sum(Count);
        return samples.Count > 0 && samples.TrueForAll(sample => sample.Success) && requests <= MaxCount
            ? ((long)requests, (long)errors)
            : null;
    }

    private static double Count(Match sample) => double.Parse(sample.Groups["count"].ValueSpan, CultureInfo.InvariantCulture);

    // Other labels may stand beside the code, and a timestamp after the value.
    [GeneratedRegex("""^[a-z_]+\{(?:[^}]*[, ])?code="(?<code>[0-9]{3})"[^}]*\}\s+(?<count>[0-9.]+(?:[eE]\+?[0-9]+)?)(?:\s|$)""")]
    private static partial Regex Sample();
}
