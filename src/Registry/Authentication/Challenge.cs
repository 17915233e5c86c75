using System.Net.Http.Headers;

namespace IrisOperator.Registry.Authentication;

/// <summary>
/// What a registry wants to see: RFC 9110 WWW-Authenticate with the parameters of the distribution project's token specification.
/// </summary>
/// <param name="IsBearer">Else Basic.</param>
/// <param name="Realm">Where tokens come from; of a Bearer challenge.</param>
/// <param name="Service">How the registry calls itself there.</param>
internal sealed record Challenge(bool IsBearer, string? Realm, string? Service)
{
    /// <summary>Bearer before Basic; null where neither is offered.</summary>
    public static Challenge? Read(HttpHeaderValueCollection<AuthenticationHeaderValue> offered)
    {
        if (offered.FirstOrDefault(one => Is(one, "Bearer")) is { } bearer)
        {
            var parameters = Parameters(bearer.Parameter ?? "");
            return new Challenge(true, parameters.GetValueOrDefault("realm"), parameters.GetValueOrDefault("service"));
        }

        return offered.Any(one => Is(one, "Basic")) ? new Challenge(false, null, null) : null;
    }

    private static bool Is(AuthenticationHeaderValue value, string scheme) =>
        value.Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase);

    // name="quoted, with commas" or name=token, separated by commas.
    private static Dictionary<string, string> Parameters(string text)
    {
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var at = 0;
        while (at < text.Length && text.IndexOf('=', at) is >= 0 and var equals)
        {
            var name = text[at..equals].Trim(' ', ',');
            var start = equals + 1;
            var quoted = start < text.Length && text[start] == '"';
            var end = text.IndexOf(quoted ? '"' : ',', Math.Min(text.Length, quoted ? start + 1 : start));
            end = end < 0 ? text.Length : end;
            found[name] = text[(quoted ? start + 1 : start)..end].Trim();
            at = end + 1;
        }

        return found;
    }
}
