using System.Text.Json;
using Docker.DotNet;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;

namespace IrisOperator.K3s;

/// <summary>Where the cluster cannot be had on this machine: no engine, one that is too old, an image that is out of reach.</summary>
public sealed class EngineUnavailableException(string message) : Exception(message);

/// <summary>The engine is there, but the cluster did not come up, or did not go.</summary>
public sealed class K3sException(string message) : Exception(message);

internal static class Failures
{
    private const string TooOld = "Maximum supported API version is ";

    /// <summary>What Testcontainers keeps from its message is in the inner exceptions: which API the engine speaks.</summary>
    public static EngineUnavailableException Explain(DockerUnavailableException e)
    {
        var reasons = Leaves(e).Select(OneLine).ToList();
        if (reasons.FirstOrDefault(reason => reason.Contains(TooOld, StringComparison.Ordinal)) is { } reason)
        {
            var version = reason[(reason.IndexOf(TooOld, StringComparison.Ordinal) + TooOld.Length)..];
            return new($"the Docker engine is too old: it speaks API {version}, and Testcontainers a newer one " +
                "(DOCKER_API_VERSION may name an older one)");
        }

        var host = Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } named ? named : "unix:///var/run/docker.sock";
        return Uri.TryCreate(host, UriKind.Absolute, out var endpoint) && endpoint.Scheme == "unix" && !File.Exists(endpoint.LocalPath)
            ? new($"no Docker engine: there is no {endpoint.LocalPath}")
            : new($"no Docker engine answers at {host}: {reasons.FirstOrDefault() ?? OneLine(e)}");
    }

    /// <summary>Without the code and the JSON around what the engine said, and without the logs that Testcontainers adds.</summary>
    public static string OneLine(Exception e)
    {
        var text = e switch
        {
            ContainerNotRunningException => "the container ended",
            DockerApiException { ResponseBody: { } body } when Message(body) is { } message => message,
            _ => e.Message,
        };
        return text.ReplaceLineEndings(" ").Trim();
    }

    /// <summary>The end of its log, each line on a line of its own, or nothing if it was never made.</summary>
    public static async Task<string> LastLinesAsync(IContainer container)
    {
        try
        {
            var (stdout, stderr) = await container.GetLogsAsync(timestampsEnabled: false);
            var lines = (stdout + stderr).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return string.Concat(lines.TakeLast(5).Select(line => "\n  " + line));
        }
        catch (Exception e) when (e is InvalidOperationException or DockerApiException or HttpRequestException)
        {
            return "";
        }
    }

    private static string? Message(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.TryGetProperty("message", out var message) ? message.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<Exception> Leaves(Exception e) => e switch
    {
        AggregateException several => several.InnerExceptions.SelectMany(Leaves),
        { InnerException: { } inner } => Leaves(inner),
        _ => [e],
    };
}
