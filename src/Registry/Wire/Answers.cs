using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using IrisOperator.Registry.Images;

namespace IrisOperator.Registry.Wire;

/// <summary>What all answers have in common: headers, small bodies, refusals.</summary>
internal static class Answers
{
    private const int MaxErrorBytes = 16 << 10;

    private static readonly string[] _knownCodes =
    [
        "BLOB_UNKNOWN", "BLOB_UPLOAD_INVALID", "BLOB_UPLOAD_UNKNOWN", "DIGEST_INVALID", "MANIFEST_BLOB_UNKNOWN", "MANIFEST_INVALID",
        "MANIFEST_UNKNOWN", "MANIFEST_UNVERIFIED", "NAME_INVALID", "NAME_UNKNOWN", "RANGE_INVALID", "SIZE_INVALID", "TAG_INVALID",
        "UNAUTHORIZED", "DENIED", "UNSUPPORTED", "TOOMANYREQUESTS",
    ];

    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values)
            ? values.FirstOrDefault()
            : null;

    /// <exception cref="RegistryException">The answer is longer than the limit.</exception>
    public static async Task<byte[]> ReadAsync(
        this HttpResponseMessage response, int limit, string asked, CancellationToken cancellationToken)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(limit, cancellationToken);
            return await response.Content.ReadAsByteArrayAsync(cancellationToken);
        }
        catch (HttpRequestException error) when (error.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new RegistryException(RegistryProblem.TooLarge, $"{asked}: the answer has more than {limit} bytes", error);
        }
    }

    /// <summary>What an answer that is not 2xx means, and what to do about it.</summary>
    /// <param name="hint">Follows the advice where credentials may be at fault.</param>
    public static async Task<RegistryException> RefusalAsync(
        RegistryRequest request, HttpResponseMessage response, TimeProvider time, string hint, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var body = new byte[MaxErrorBytes];
        var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);
        var codes = ErrorCodes(body.AsSpan(0, length));
        var (problem, advice) = Meaning((int)response.StatusCode);
        var isAccess = problem is RegistryProblem.Unauthorized or RegistryProblem.Forbidden or RegistryProblem.NotFound;
        return new RegistryException(problem, $"{request}: {(int)response.StatusCode}{codes}: {advice}{(isAccess ? hint : "")}")
        {
            RetryAfter = RetryAfter(response.Headers.RetryAfter, time),

            // Seen with Debian's registry: while another client stores the same blob in the same repository, its link is empty .
            IsRetried = request.Method == HttpMethod.Put && codes.Contains("MANIFEST_BLOB_UNKNOWN", StringComparison.Ordinal),
        };
    }

    /// <summary>The specification's error codes in a refusal, such as <c>" (DENIED)"</c>, or nothing.</summary>
    /// <remarks>Only these words are taken over: a registry's free text may repeat what it was sent, credentials included.</remarks>
    internal static string ErrorCodes(ReadOnlySpan<byte> body)
    {
        var found = new List<string>();
        var reader = new Utf8JsonReader(body);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.String && reader.GetString() is { } text && _knownCodes.Contains(text))
                {
                    found.Add(text);
                }
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // A balancer's page instead of JSON: the status code has to do.
        }

        return found.Count == 0 ? "" : $" ({string.Join(", ", found.Distinct())})";
    }

    private static (RegistryProblem Problem, string Advice) Meaning(int code) => code switch
    {
        401 => (RegistryProblem.Unauthorized, "credentials are missing or refused; check the pull secret and that it names this registry"),
        403 => (RegistryProblem.Forbidden, "the credentials do not allow this; give them the right to it"),
        404 => (RegistryProblem.NotFound, "there is no such thing there, or the credentials may not see it"),
        408 => (RegistryProblem.TooSlow, "the registry gave up waiting"),
        413 => (RegistryProblem.TooLarge, "the registry, or a proxy before it, takes no body of this size"),
        429 => (RegistryProblem.RateLimited, "the registry is asked too often"),
        502 or 503 or 504 => (RegistryProblem.ServerError, "the registry is not available"),
        405 or 501 => (RegistryProblem.Rejected, "the registry has this method switched off"),
        >= 500 => (RegistryProblem.ServerError, "the registry fails; its log says why"),
        >= 400 => (RegistryProblem.Rejected, "the registry refuses the request"),
        _ => (RegistryProblem.InvalidAnswer, "the registry answers with a status that has no meaning here"),
    };

    private static TimeSpan? RetryAfter(RetryConditionHeaderValue? header, TimeProvider time)
    {
        var delay = header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : null);
        return delay < TimeSpan.Zero ? TimeSpan.Zero : delay;
    }
}

/// <summary>Checks what registries say of manifests.</summary>
internal static class ManifestAnswers
{
    /// <summary>Null when the registry does not tell the digest.</summary>
    public static Descriptor? Head(RegistryRequest request, ImageReference image, HttpResponseMessage response)
    {
        var told = DigestOf(request, response) ?? ETagOf(response);
        Check(request, image.Digest, told);
        var type = response.Content.Headers.ContentType?.MediaType;
        return (told ?? image.Digest) is { } digest && (MediaTypes.IsManifest(type) || MediaTypes.IsIndex(type))
            ? new Descriptor(type!, digest, response.Content.Headers.ContentLength ?? 0)
            : null;
    }

    public static Manifest Get(RegistryRequest request, ImageReference image, HttpResponseMessage response, byte[] body)
    {
        var manifest = new Manifest(TypeOf(request, response.Content.Headers.ContentType?.MediaType, body), body);
        Check(request, manifest.Digest, DigestOf(request, response));
        Check(request, image.Digest, manifest.Digest);
        return manifest;
    }

    /// <summary>Docker-Content-Digest; null without.</summary>
    /// <exception cref="RegistryException">It is there and is no digest.</exception>
    public static Digest? DigestOf(RegistryRequest request, HttpResponseMessage response)
    {
        var header = response.Header("Docker-Content-Digest");
        return header is null ? null : Digest.TryParse(header, out var digest)
            ? digest
            : throw request.Error(RegistryProblem.InvalidAnswer, "Docker-Content-Digest is not sha256: and 64 hexadecimal digits");
    }

    private static Digest? ETagOf(HttpResponseMessage response) =>
        Digest.TryParse(response.Headers.ETag?.Tag.Trim('"'), out var digest) ? digest : null;

    // One document must mean the same to everybody: what could be read as a manifest and as an index (CVE-2021-41190) is neither.
    private static string TypeOf(RegistryRequest request, string? declared, byte[] body)
    {
        JsonObject root;
        try
        {
            root = ImageDocuments.Parse(body, request.ToString());
        }
        catch (RegistryException error)
        {
            throw request.Error(RegistryProblem.InvalidAnswer, "the manifest is no JSON object without duplicate members", error);
        }

        var hasManifests = root.ContainsKey("manifests");
        var hasLayers = root.ContainsKey("layers") || root.ContainsKey("config") || root.ContainsKey("fsLayers");
        var inner = root.ContainsKey("mediaType") ? ImageDocuments.Text(root["mediaType"]) ?? "" : null;

        // Some registries serve every manifest as plain JSON.
        var type = declared is null or "application/json" or "text/plain" ? inner : declared;
        if (!MediaTypes.IsManifest(type) && !MediaTypes.IsIndex(type))
        {
            throw request.Error(
                RegistryProblem.Unsupported, $"a manifest of type {Quote(type)}; expected an OCI or a Docker version 2 image or index");
        }

        return (inner is null || inner == type) && (MediaTypes.IsIndex(type) ? hasManifests && !hasLayers : hasLayers && !hasManifests)
            ? type!
            : throw request.Error(RegistryProblem.InvalidAnswer, $"the manifest's content is not the {type} that its type says");
    }

    private static void Check(RegistryRequest request, Digest? expected, Digest? actual)
    {
        if (expected is not null && actual is not null && expected != actual)
        {
            throw request.Error(RegistryProblem.DigestMismatch, $"the registry answers with {actual} instead of {expected}");
        }
    }
}
