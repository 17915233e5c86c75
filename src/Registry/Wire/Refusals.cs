using System.Net.Http.Headers;

namespace IrisOperator.Registry.Wire;

/// <summary>What an answer that is not 2xx means, and what to do about it.</summary>
internal static class Refusals
{
    public static RegistryException Describe(RegistryRequest request, HttpResponseMessage response, string codes, TimeProvider time)
    {
        var code = (int)response.StatusCode;
        var (problem, advice) = code switch
        {
            401 => (
                RegistryProblem.Unauthorized,
                "credentials are missing or refused; check the pull secret and that it names this registry"),
            403 => (RegistryProblem.Forbidden, "the credentials do not allow this; give them the right to it"),
            404 => (RegistryProblem.NotFound, "there is no such thing there, or the credentials may not see it"),
            408 => (RegistryProblem.TooSlow, "the registry gave up waiting"),
            413 => (RegistryProblem.TooLarge, "the registry, or a proxy before it, takes no body of this size"),
            429 => (RegistryProblem.RateLimited, "the registry is asked too often"),
            502 or 503 or 504 => (RegistryProblem.ServerError, "the registry is not available"),
            >= 500 => (RegistryProblem.ServerError, "the registry fails; its log says why"),
            405 => (RegistryProblem.Rejected, "the registry has this method switched off"),
            >= 400 => (RegistryProblem.Rejected, "the registry refuses the request"),
            _ => (RegistryProblem.InvalidAnswer, "the registry answers with a status that has no meaning here"),
        };
        return new RegistryException(problem, $"{request}: {code}{codes}: {advice}")
        {
            RetryAfter = RetryAfter(response.Headers.RetryAfter, time),

            // Seen with Debian's registry: while somebody else stores the same blob in the same repository, its link is empty for a moment.
            MayPass = request.Method == HttpMethod.Put && codes.Contains("MANIFEST_BLOB_UNKNOWN", StringComparison.Ordinal),
        };
    }

    private static TimeSpan? RetryAfter(RetryConditionHeaderValue? header, TimeProvider time)
    {
        var delay = header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : null);
        return delay < TimeSpan.Zero ? TimeSpan.Zero : delay;
    }
}
