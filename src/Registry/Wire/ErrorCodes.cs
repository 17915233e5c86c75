using System.Text.Json;

namespace IrisOperator.Registry.Wire;

/// <summary>
/// The specification's error codes in a refusal. Only these words are taken over: a registry's free text may repeat what it was sent,
/// credentials included.
/// </summary>
internal static class ErrorCodes
{
    private static readonly string[] _known =
    [
        "BLOB_UNKNOWN", "BLOB_UPLOAD_INVALID", "BLOB_UPLOAD_UNKNOWN", "DIGEST_INVALID", "MANIFEST_BLOB_UNKNOWN", "MANIFEST_INVALID",
        "MANIFEST_UNKNOWN", "MANIFEST_UNVERIFIED", "NAME_INVALID", "NAME_UNKNOWN", "RANGE_INVALID", "SIZE_INVALID", "TAG_INVALID",
        "UNAUTHORIZED", "DENIED", "UNSUPPORTED", "TOOMANYREQUESTS",
    ];

    /// <summary>Such as <c>" (DENIED)"</c>, or nothing.</summary>
    public static string Describe(ReadOnlySpan<byte> body)
    {
        var found = new List<string>();
        var reader = new Utf8JsonReader(body);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.String && reader.GetString() is { } text
                    && _known.Contains(text) && !found.Contains(text))
                {
                    found.Add(text);
                }
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // A balancer's page instead of JSON: the status code has to do.
        }

        return found.Count == 0 ? "" : $" ({string.Join(", ", found)})";
    }
}
