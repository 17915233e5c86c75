using System.Globalization;
using System.Text;
using System.Text.Json;

namespace IrisOperator.Kube.Runtime.Client;

/// <summary>A request as a value: what is sent, before anything is sent.</summary>
/// <param name="PathAndQuery">Escaped.</param>
/// <param name="Resource">For errors and metrics, without names: <c>jobs.batch</c> or <c>irismodels.iris-operator.dev/status</c>.</param>
/// <param name="Accept">JSON, or JSON as PartialObjectMetadata.</param>
/// <param name="ContentType">Null without a body.</param>
public readonly record struct KubeRequest(
    HttpMethod Method, string PathAndQuery, string Resource, string Accept, string? ContentType = null, byte[]? Body = null)
{
    public override string ToString() => $"{Method} {PathAndQuery}";
}

/// <summary>Builds requests from types and options. Pure: no I/O, no clock.</summary>
public static class KubeRequests
{
    public const string Json = "application/json";

    public const string MetadataOnly = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

    public const string ApplyPatch = "application/apply-patch+yaml";

    public const string MergePatch = "application/merge-patch+json";

    public static KubeRequest Get<T>(ObjectKey key, string accept = Json)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        new(HttpMethod.Get, ObjectPath(Kind<T>.Definition, key, null), Kind<T>.Definition.ResourceName, accept);

    /// <param name="next">The continue token of the page before; the server refuses it together with a resource version.</param>
    public static KubeRequest List<T>(NamespaceScope scope, ListOptions options, string? next)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var url = Collection(Kind<T>.Definition, scope.Namespace);
        AppendSelectors(url, options.LabelSelector, options.FieldSelector);
        if (next is null && options.ResourceVersion is { } version)
        {
            Append(url, "resourceVersion", version);
        }

        Append(url, "limit", options.PageSize.ToString(CultureInfo.InvariantCulture));
        Append(url, "continue", next);
        return new(HttpMethod.Get, url.ToString(), Kind<T>.Definition.ResourceName, Json);
    }

    public static KubeRequest Watch<T>(NamespaceScope scope, WatchOptions options)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var url = Collection(Kind<T>.Definition, scope.Namespace);
        Append(url, "watch", "true");
        AppendSelectors(url, options.LabelSelector, options.FieldSelector);
        Append(url, "resourceVersion", options.ResourceVersion);
        Append(url, "allowWatchBookmarks", "true");
        Append(url, "timeoutSeconds", ((long)options.Timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        return new(HttpMethod.Get, url.ToString(), Kind<T>.Definition.ResourceName, Json);
    }

    public static KubeRequest Create<T>(string? ns, byte[] body)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var url = Collection(Kind<T>.Definition, Required(Kind<T>.Definition, ns));
        return new(HttpMethod.Post, url.ToString(), Kind<T>.Definition.ResourceName, Json, Json, body);
    }

    public static KubeRequest Apply<T>(ObjectKey key, byte[] body, ApplyOptions options)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var url = new StringBuilder(ObjectPath(Kind<T>.Definition, key, null));
        Append(url, "fieldManager", options.FieldManager);
        Append(url, "force", options.Force ? "true" : null);
        Append(url, "dryRun", options.DryRun ? "All" : null);
        return new(HttpMethod.Patch, url.ToString(), Kind<T>.Definition.ResourceName, Json, ApplyPatch, body);
    }

    public static KubeRequest Patch<T>(ObjectKey key, byte[] patch, PatchOptions? options, string? subresource = null)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var url = new StringBuilder(ObjectPath(Kind<T>.Definition, key, subresource));
        Append(url, "fieldManager", options?.FieldManager);
        Append(url, "dryRun", options?.DryRun == true ? "All" : null);
        return new(HttpMethod.Patch, url.ToString(), Resource(Kind<T>.Definition, subresource), Json, MergePatch, patch);
    }

    public static KubeRequest Delete<T>(ObjectKey key, DeleteOptions options)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        new(
            HttpMethod.Delete,
            ObjectPath(Kind<T>.Definition, key, null),
            Kind<T>.Definition.ResourceName,
            Json,
            Json,
            JsonSerializer.SerializeToUtf8Bytes(options.ToBody(), KubeJson.TypeInfo<V1DeleteOptions>()));

    private static string Resource(ResourceDefinition type, string? subresource) =>
        subresource is null ? type.ResourceName : $"{type.ResourceName}/{subresource}";

    private static StringBuilder Collection(ResourceDefinition type, string? ns)
    {
        var url = new StringBuilder(type.BasePath, 160);
        if (ns is not null)
        {
            url.Append("/namespaces/").Append(Segment(ns));
        }

        return url.Append('/').Append(type.Plural);
    }

    private static string ObjectPath(ResourceDefinition type, ObjectKey key, string? subresource)
    {
        var url = Collection(type, Required(type, key.Namespace)).Append('/').Append(Segment(key.Name));
        return (subresource is null ? url : url.Append('/').Append(subresource)).ToString();
    }

    private static string? Required(ResourceDefinition type, string? ns) => (type.Namespaced, ns) switch
    {
        (true, null) => throw new ArgumentException($"{type.Kind} needs a namespace"),
        (false, not null) => throw new ArgumentException($"{type.Kind} is cluster-scoped, but has namespace \"{ns}\""),
        _ => ns,
    };

    // The server's own rule (path.IsValidPathSegmentName): these would change which object the path names.
    private static string Segment(string name) => name switch
    {
        "" or "." or ".." => throw new ArgumentException($"\"{name}\" cannot be a name"),
        _ when name.AsSpan().ContainsAny('/', '%') => throw new ArgumentException($"\"{name}\" cannot be a name: it contains / or %"),
        _ => Uri.EscapeDataString(name),
    };

    private static void AppendSelectors(StringBuilder url, string? labels, string? fields)
    {
        Append(url, "labelSelector", labels);
        Append(url, "fieldSelector", fields);
    }

    private static void Append(StringBuilder url, string name, string? value)
    {
        if (value is null)
        {
            return;
        }

        var first = true;
        foreach (var chunk in url.GetChunks())
        {
            first &= !chunk.Span.Contains('?');
        }

        url.Append(first ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
    }
}
