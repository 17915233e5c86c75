using System.Globalization;
using System.Text;

namespace IrisOperator.Kube.Wire;

/// <summary>Builds requests from types and options. Pure: no I/O, no clock.</summary>
public static class KubeRequests
{
    public const string Json = "application/json";

    public const string MetadataOnly = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

    public const string MetadataListOnly = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

    public const string ApplyPatch = "application/apply-patch+yaml";

    public const string MergePatch = "application/merge-patch+json";

    public static KubeRequest Get<T>(ObjectKey key)
        where T : class, IKubeResource<T> =>
        Kind<T>.MetadataOnly
            ? GetMetadata<T>(key)
            : new(HttpMethod.Get, ObjectPath(Kind<T>.Definition, key, null), Kind<T>.Definition.ResourceName, Json);

    public static KubeRequest GetMetadata<T>(ObjectKey key)
        where T : class, IKubeResource<T> =>
        new(HttpMethod.Get, ObjectPath(Kind<T>.Definition, key, null), Kind<T>.Definition.ResourceName, MetadataOnly);

    /// <param name="scope">Where to look.</param>
    /// <param name="options">Selectors and page size.</param>
    /// <param name="next">The continue token of the page before; the server refuses it together with a resource version.</param>
    public static KubeRequest List<T>(NamespaceScope scope, ListOptions options, string? next)
        where T : class, IKubeResource<T>
    {
        var url = Collection(Kind<T>.Definition, scope.Namespace);
        AppendSelectors(url, options.LabelSelector, options.FieldSelector);
        if (next is null && options.ResourceVersion is { } version)
        {
            Append(url, "resourceVersion", version);
        }

        Append(url, "limit", options.PageSize.ToString(CultureInfo.InvariantCulture));
        Append(url, "continue", next);
        return new(HttpMethod.Get, url.ToString(), Kind<T>.Definition.ResourceName, Kind<T>.MetadataOnly ? MetadataListOnly : Json);
    }

    public static KubeRequest Watch<T>(NamespaceScope scope, WatchOptions options)
        where T : class, IKubeResource<T>
    {
        var url = Collection(Kind<T>.Definition, scope.Namespace);
        Append(url, "watch", "true");
        AppendSelectors(url, options.LabelSelector, options.FieldSelector);
        Append(url, "resourceVersion", options.ResourceVersion);
        Append(url, "allowWatchBookmarks", "true");
        Append(url, "timeoutSeconds", ((long)options.Timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        return new(HttpMethod.Get, url.ToString(), Kind<T>.Definition.ResourceName, Kind<T>.MetadataOnly ? MetadataOnly : Json);
    }

    public static KubeRequest Create<T>(string? ns, ReadOnlyMemory<byte> body)
        where T : class, IKubeResource<T>
    {
        var url = Collection(Kind<T>.Definition, Required(Kind<T>.Definition, ns));
        return new(HttpMethod.Post, url.ToString(), Kind<T>.Definition.ResourceName, Json, Json, body);
    }

    public static KubeRequest Apply<T>(ObjectKey key, ReadOnlyMemory<byte> body, ApplyOptions options, string? subresource = null)
        where T : class, IKubeResource<T>
    {
        var url = new StringBuilder(ObjectPath(Kind<T>.Definition, key, subresource));
        Append(url, "fieldManager", options.FieldManager);
        Append(url, "force", options.Force ? "true" : null);
        Append(url, "dryRun", options.DryRun ? "All" : null);
        return new(HttpMethod.Patch, url.ToString(), Resource(Kind<T>.Definition, subresource), Json, ApplyPatch, body);
    }

    public static KubeRequest Patch<T>(ObjectKey key, KubePatch patch, PatchOptions? options, string? subresource = null)
        where T : class, IKubeResource<T>
    {
        var url = new StringBuilder(ObjectPath(Kind<T>.Definition, key, subresource));
        Append(url, "fieldManager", options?.FieldManager);
        Append(url, "dryRun", options?.DryRun == true ? "All" : null);
        return new(HttpMethod.Patch, url.ToString(), Resource(Kind<T>.Definition, subresource), Json, MergePatch, patch.Body);
    }

    public static KubeRequest Delete<T>(ObjectKey key, DeleteOptions options)
        where T : class, IKubeResource<T> =>
        new(
            HttpMethod.Delete,
            ObjectPath(Kind<T>.Definition, key, null),
            Kind<T>.Definition.ResourceName,
            Json,
            Json,
            DeleteBody.Write(options));

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
