using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace IrisOperator.Operator.Registries;

/// <summary>Answers <c>POST /registry-events</c>: a registry says that something was pushed.</summary>
/// <param name="secretFile">Holds what a notification must bring as a bearer token.</param>
/// <param name="trigger">Takes the path of a repository; false when no resource follows it.</param>
public sealed class RegistryNotifications(string secretFile, Func<bool> isLeading, Func<string, bool> trigger)
{
    public const int MaxBytes = 256 << 10;

    /// <remarks>The body of a request without the secret is not read.</remarks>
    public async Task<IResult> HandleAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // A registry that tries again may then reach the replica that leads.
        request.HttpContext.Response.Headers.Connection = "close";
        if (!IsAuthorized(request.Headers.Authorization))
        {
            return TypedResults.Problem("expected Authorization: Bearer with the shared secret", statusCode: 401);
        }

        try
        {
            if (await RegistryEvents.ReadAsync(request.Body, cancellationToken) is not { } repositories)
            {
                return TypedResults.Problem("expected the events of a registry as JSON", statusCode: 400);
            }

            return isLeading()
                ? TypedResults.Text($"{repositories.Count(trigger)} of {repositories.Count} repositories are followed\n")
                : TypedResults.Problem("this replica does not lead; try again", statusCode: 503);
        }
        catch (BadHttpRequestException error)
        {
            return TypedResults.Problem(
                error.StatusCode == 413 ? $"a notification has at most {MaxBytes >> 10} KiB" : "the notification did not come whole",
                statusCode: error.StatusCode);
        }
    }

    // Read each time, so that the secret can be changed without a restart.
    private bool IsAuthorized(string? authorization)
    {
        try
        {
            var expected = File.ReadAllText(secretFile).Trim();
            return expected.Length > 0
                && authorization is not null
                && CryptographicOperations.FixedTimeEquals(
                    Encoding.UTF8.GetBytes(authorization), Encoding.UTF8.GetBytes($"Bearer {expected}"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

/// <summary>
/// What registries send when something was pushed. Only the names of repositories are read, and only to poll them sooner.
/// </summary>
public static class RegistryEvents
{
    private const int MaxRepositories = 100;

    /// <summary>
    /// Of the notifications of Docker's and CNCF's distribution (<c>events[].target.repository</c>), of Harbor's webhooks
    /// (<c>event_data.repository.repo_full_name</c>) and of the same as a CloudEvent (<c>data.repository.repo_full_name</c>).
    /// </summary>
    /// <returns>Paths without their registry, whose name for itself may differ from ours; null for anything else.</returns>
    public static async Task<IReadOnlyList<string>?> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        try
        {
            var options = new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 16 };
            return Repositories(await JsonNode.ParseAsync(body, documentOptions: options, cancellationToken: cancellationToken));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // An escape that is half of a character is found only where the text is used, as an invalid operation.
            return null;
        }
    }

    private static List<string>? Repositories(JsonNode? root)
    {
        if (root is not JsonObject message)
        {
            return null;
        }

        var pushed = (message["events"] as JsonArray ?? []).Where(IsPush).Select(entry => Text(entry, "target", "repository"))
            .Append(Text(message, "event_data", "repository", "repo_full_name"))
            .Append(Text(message, "data", "repository", "repo_full_name"));
        return message["events"] is JsonArray || message["event_data"] is JsonObject || message["data"] is JsonObject
            ? [.. pushed.OfType<string>().Distinct().Take(MaxRepositories)]
            : null;
    }

    private static bool IsPush(JsonNode? entry) => Text(entry, "action") is null or "push" or "mount" or "delete";

    private static string? Text(JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            node = (node as JsonObject)?[name];
        }

        return node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
    }
}
