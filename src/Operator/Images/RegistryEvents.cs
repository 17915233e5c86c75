using System.Text.Json;
using System.Text.Json.Nodes;

namespace IrisOperator.Operator.Images;

/// <summary>
/// What registries send when something was pushed. Only the names of repositories are read, and only to look there sooner.
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
        JsonNode? root;
        try
        {
            root = await JsonNode.ParseAsync(body, documentOptions: new JsonDocumentOptions { MaxDepth = 16 }, cancellationToken: cancellationToken);
        }
        catch (JsonException)
        {
            return null;
        }

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
