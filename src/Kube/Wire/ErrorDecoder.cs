using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using IrisOperator.Kube.Models;

namespace IrisOperator.Kube.Wire;

/// <summary>Whatever came instead of an answer, as a status. A balancer's HTML page has to make sense too.</summary>
internal static class ErrorDecoder
{
    private const int MaxText = 300;

    public static V1Status Decode(int code, ReadOnlySpan<byte> body)
    {
        try
        {
            if (JsonSerializer.Deserialize(body, KubeJsonContext.Default.V1Status) is { Message: not null } status)
            {
                // The HTTP code is what counts: it decides about retries.
                return status with { Code = code };
            }
        }
        catch (JsonException)
        {
            // Not a Status: plain text from a proxy or from the server's own timeout filter.
        }

        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, MaxText)]).Trim();
        return new V1Status
        {
            Code = code,
            Message = text.Length > 0 ? text : string.Create(CultureInfo.InvariantCulture, $"HTTP status {code}"),
        };
    }

    public static TimeSpan? RetryAfter(RetryConditionHeaderValue? header, TimeProvider time) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => TimeSpan.FromTicks(Math.Max(0, (date - time.GetUtcNow()).Ticks)),
        _ => null,
    };
}
