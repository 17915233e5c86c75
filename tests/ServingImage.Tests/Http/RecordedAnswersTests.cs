using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using IrisOperator.ServingImage.Tests.Hosting;
using IrisOperator.Testing;

namespace IrisOperator.ServingImage.Tests.Http;

/// <summary>
/// Replays http-answers.txt. UPDATE_GOLDEN=1 writes what the server answers today behind each request.
/// </summary>
public sealed partial class RecordedAnswersTests
{
    private const string Separator = "### ";

    private static readonly string[] _compared = ["Allow", "Connection", "Content-Type", "Retry-After"];
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(2);

    private static string Recorded(string name) => Path.Combine(Repository.Root, "tests", "ServingImage.Tests", name);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task every_recorded_request_is_answered_as_recorded()
    {
        var blocks = (await File.ReadAllTextAsync(Recorded("http-answers.txt"), Ct)).Split($"\n{Separator}");
        var written = new StringBuilder(blocks[0].TrimEnd()).Append('\n');
        var different = new List<string>();
        foreach (var block in blocks.Skip(1))
        {
            var parts = block.Split("\n=> ", 2);
            var answer = await AnswerAsync(parts[0]);
            written.Append(CultureInfo.InvariantCulture, $"\n{Separator}{parts[0]}\n=> {answer}\n");
            if (parts.Length < 2 || parts[1].TrimEnd('\n') != answer)
            {
                different.Add($"{parts[0][..Math.Min(parts[0].Length, 500)]}\nexpected {parts.ElementAtOrDefault(1)}\nanswered {answer}");
            }
        }
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(Recorded("http-answers.txt"), written.ToString(), Ct);
        }

        Assert.True(different.Count == 0, $"{different.Count} of {blocks.Length - 1}:\n{string.Join("\n\n", different)}");
        Assert.True(blocks.Length > 100, "the table is not whole");
    }

    [Fact]
    public async Task the_metrics_are_those_that_were_recorded_with_their_labels_buckets_and_help()
    {
        await using var server = await InProcessServer.StartAsync();

        var page = (await server.GetAsync("/metrics")).Body.Replace(server.Digest, "sha256:0", StringComparison.Ordinal);

        // Without the values, and bounds as numbers: 5E-05 is 0.00005.
        var lines = page.TrimEnd('\n').Split('\n')
            .Select(line => line[0] == '#' ? line : line[..line.LastIndexOf(' ')])
            .Select(line => Bound().Replace(line, match => $"le=\"{double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture):R}\""))
            .Order(StringComparer.Ordinal)
            .ToArray();
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllLinesAsync(Recorded("metrics.txt"), lines, Ct);
        }
        Assert.Equal(await File.ReadAllLinesAsync(Recorded("metrics.txt"), Ct), lines);
    }

    private static async Task<string> AnswerAsync(string request)
    {
        var lines = request.Split('\n');
        var state = lines[0].Contains(" | ", StringComparison.Ordinal) ? lines[0].Split(" | ")[0] : "";
        var clock = new ManualClock();
        await using var server = await InProcessServer.StartAsync(
            options => state is "saturated" or "queued" ? options with { MaxConcurrency = 1, RequestTimeout = _timeout }
                : state == "draining" ? options with { DrainTime = TimeSpan.FromHours(1) } : options with { RequestTimeout = _timeout },
            state == "late" ? new JumpingClock() : state.Length > 0 ? clock : null);
        using var waiting = state is "saturated" or "queued" ? await server.SaturateAsync(waiting: state == "saturated") : null;
        if (state == "draining")
        {
            server.Drain();
        }
        using var connection = await server.ConnectAsync();
        await connection.SendAsync(Message(lines.AsSpan(1)), Ct);
        if (state is "stalled" or "queued")
        {
            await clock.TimerSetAsync(Ct);
            clock.Advance(_timeout);
        }
        var withoutBody = lines[1].StartsWith("HEAD ", StringComparison.Ordinal);
        return Describe((await connection.ReadAnswerAsync(Ct, withoutBody))!);
    }

    private static byte[] Message(ReadOnlySpan<string> lines)
    {
        var end = lines.IndexOf("");
        var body = end < 0 ? "" : Expand(string.Join('\n', lines[(end + 1)..].ToArray()));
        var head = end < 0 ? lines : lines[..end];
        var fields = string.Join("\r\n", head[1..].ToArray().Select(Expand).Append(""));
        if (head[0].Contains(" HTTP/", StringComparison.Ordinal))
        {
            return Encoding.UTF8.GetBytes($"{head[0]}\r\n{fields}\r\n{body}");
        }
        var framed = fields.Contains("Content-Length:", StringComparison.Ordinal) || fields.Contains("Transfer-", StringComparison.Ordinal);
        var length = framed ? "" : string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n");
        return Encoding.UTF8.GetBytes($"{Expand(head[0])} HTTP/1.1\r\nHost: test\r\n{fields}{length}\r\n{body}");
    }

    private static string Expand(string text) => Repeated()
        .Replace(text, match => string.Concat(Enumerable.Repeat(match.Groups[1].Value, int.Parse(match.Groups[2].Value, null))))
        .Replace("\\r\\n", "\r\n", StringComparison.Ordinal);

    private static string Describe(HttpAnswer answer)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{answer.Status}");
        foreach (var name in _compared.Where(answer.Headers.ContainsKey))
        {
            var value = answer.Headers[name].Replace("problem+json", "json", StringComparison.Ordinal);
            text.Append(CultureInfo.InvariantCulture, $"\n{name}: {value}");
        }
        text.Append(answer.ModelDigest.Length > 0 ? "\nwith the digest" : "\nwithout a digest");
        return answer.Body.Length == 0 ? text.ToString() : text.Append("\n\n").Append(Body(answer)).ToString();
    }

    private static string Body(HttpAnswer answer)
    {
        if (answer.Headers["Content-Type"].StartsWith("text/plain", StringComparison.Ordinal))
        {
            return "a page";
        }
        var error = JsonDocument.Parse(answer.Body).RootElement.TryGetProperty("error", out var member) ? member.GetString() : null;
        // exp() differs in its last bits between C libraries: probabilities are compared to six digits.
        var body = error is null ? Digits().Replace(answer.Body, "$1") : $"error: {error}";
        return body.Length < 500 ? body : string.Create(CultureInfo.InvariantCulture, $"{body[..100]} and {body.Length - 100} more");
    }

    [GeneratedRegex(@"\{\{(.+?)\*([0-9]+)\}\}")]
    private static partial Regex Repeated();

    [GeneratedRegex("le=\"([0-9.Ee-]+)\"")]
    private static partial Regex Bound();

    [GeneratedRegex(@"(0\.\d{6})\d*")]
    private static partial Regex Digits();

    /// <summary>A minute later at every look.</summary>
    private sealed class JumpingClock : TimeProvider
    {
        private long _looks;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => 60 * Interlocked.Increment(ref _looks);
    }
}
