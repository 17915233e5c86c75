using System.Text.Json.Nodes;
using IrisOperator.Registry.Images;

namespace IrisOperator.Registry.Wire;

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
