using System.Text.Json;

namespace IrisOperator.Registry.Authentication;

/// <summary>What a token service says.</summary>
internal static class TokenAnswer
{
    // The token specification: "if omitted, this defaults to 60 seconds".
    private static readonly TimeSpan _defaultLife = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _maxLife = TimeSpan.FromHours(1);

    /// <summary>Null for an answer without a token that can stand in a header.</summary>
    public static (string Token, TimeSpan Life)? Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object
                || (Text(root, "token") ?? Text(root, "access_token")) is not { } token || !IsToken(token))
            {
                return null;
            }

            var seconds = root.TryGetProperty("expires_in", out var given)
                && given.ValueKind == JsonValueKind.Number && given.TryGetDouble(out var value)
                ? value
                : _defaultLife.TotalSeconds;
            return (token, TimeSpan.FromSeconds(Math.Clamp(seconds, 0, _maxLife.TotalSeconds)));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // RFC 6750: b64token. A line break in it would begin another header.
    private static bool IsToken(string text) =>
        text.Length is > 0 and <= 16384 && text.All(c => char.IsAsciiLetterOrDigit(c) || "-._~+/=".Contains(c));

    private static string? Text(JsonElement root, string member) =>
        root.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : null;
}
