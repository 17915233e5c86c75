using System.Globalization;
using System.Text;
using System.Text.Json;

namespace IrisOperator.ServingImage.Tests.Hosting;

/// <summary>An answer as it came over the wire.</summary>
public sealed record HttpAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public bool Closes => Headers.TryGetValue("Connection", out var connection) && connection == "close";

    public string ModelDigest => Headers.GetValueOrDefault("Iris-Model-Digest", "");

    /// <summary>The sentence that an error tells.</summary>
    public string? Error => JsonDocument.Parse(Body).RootElement.GetProperty("error").GetString();

    public static HttpAnswer Parse(string head, string body)
    {
        var lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1)
            .Select(line => line.Split(": ", 2))
            .ToDictionary(p => p[0], p => p[1], StringComparer.OrdinalIgnoreCase);
        return new HttpAnswer(int.Parse(lines[0].AsSpan(9, 3), CultureInfo.InvariantCulture), headers, body);
    }

    public override string ToString() => new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Status} {Body}").ToString();
}
