using System.Globalization;

namespace IrisOperator.Operator.Pods;

/// <summary>Reads the requests that a server answered from its page of metrics (Prometheus text format 0.0.4).</summary>
public static class RequestCounter
{
    private const string Series = "iris_requests_total{";
    private const string Code = "code=\"";

    // Beyond it a double skips whole numbers.
    private const double MaxCount = 1L << 53;

    /// <returns>Null when the page has no such counter, or one that cannot be read.</returns>
    public static (long Requests, long Errors)? Read(string page)
    {
        (long Requests, long Errors)? sum = null;
        foreach (var line in page.AsSpan().EnumerateLines())
        {
            if (!line.StartsWith(Series, StringComparison.Ordinal))
            {
                continue;
            }

            if (ReadLine(line[Series.Length..]) is not { } sample)
            {
                return null;
            }

            var (requests, errors) = sum ?? default;
            // Not 499: that is a client which went away.
            sum = (requests + sample.Count, errors + (sample.Code >= 500 ? sample.Count : 0));
        }

        return sum;
    }

    private static (int Code, long Count)? ReadLine(ReadOnlySpan<char> line)
    {
        var end = line.IndexOf('}');
        var code = end < 0 ? -1 : line[..end].IndexOf(Code, StringComparison.Ordinal);
        if (code < 0 || (code > 0 && line[code - 1] is not (',' or ' ')))
        {
            return null;
        }

        // A timestamp may follow the value.
        var value = line[(end + 1)..].Trim();
        var space = value.IndexOf(' ');
        var digits = line.Slice(code + Code.Length, Math.Min(3, end - code - Code.Length));
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            && double.TryParse(space < 0 ? value : value[..space], NumberStyles.Float, CultureInfo.InvariantCulture, out var count)
            && count is >= 0 and <= MaxCount
            ? (status, (long)count)
            : null;
    }
}
