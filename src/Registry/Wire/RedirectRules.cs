using System.Net;

namespace IrisOperator.Registry.Wire;

/// <summary>Where an answer's Location may lead.</summary>
internal static class RedirectRules
{
    public const int MaxRedirects = 3;

    public static bool IsRedirect(HttpStatusCode code) => (int)code is 301 or 302 or 303 or 307 or 308;

    /// <summary>The next address of a download.</summary>
    /// <exception cref="RegistryException">Missing, unreadable, or neither https nor a registry that is named as plain http.</exception>
    public static Uri Next(RegistryRequest request, Uri current, string? location, Endpoints endpoints)
    {
        if (location is null || !Uri.TryCreate(current, location, out var next) || next.UserInfo.Length > 0)
        {
            throw Refused(request, "without a usable address");
        }

        var origin = Origin.Of(next);
        var sound = next.Scheme == Uri.UriSchemeHttps || (origin.IsPlain && endpoints.Named(origin) is { PlainHttp: true });
        return sound ? next : throw Refused(request, $"to {origin}, which is neither https nor named as a registry with plain http");
    }

    /// <summary>The next step of an upload or of a list: always the same registry, for our credentials and content go there.</summary>
    public static string SameRegistry(RegistryRequest request, Uri current, string location)
    {
        if (!Uri.TryCreate(current, location, out var next) || next.UserInfo.Length > 0)
        {
            throw new RegistryException(
                RegistryProblem.InvalidAnswer, $"{request}: the registry gave an address that cannot be read as the next step");
        }

        return Origin.Of(next) == Origin.Of(current)
            ? next.PathAndQuery
            : throw Refused(
                request,
                $"to {Origin.Of(next)} for the next step, but that stays with {Origin.Of(current)}; "
                + "behind a proxy, let the registry answer with relative addresses (http.relativeurls) "
                + "or tell it its own (X-Forwarded-Proto)");
    }

    public static RegistryException Refused(RegistryRequest request, string why) =>
        new(RegistryProblem.RefusedRedirect, $"{request}: the registry redirects {why}");
}
