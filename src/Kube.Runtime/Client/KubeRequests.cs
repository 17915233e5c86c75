using System.Globalization;
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
        new(HttpMethod.Get, ObjectPath(Kind<T>.Definition, key), Kind<T>.Definition.ResourceName, accept);

    /// <param name="next">The continue token of the page before.</param>
    public static KubeRequest List<T>(NamespaceScope scope, ListOptions options, string? next)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var url = Query(
            Collection(Kind<T>.Definition, scope.Namespace),
            ("labelSelector", options.LabelSelector),
            ("fieldSelector", options.FieldSelector),
            ("limit", options.PageSize.ToString(CultureInfo.InvariantCulture)),
            ("continue", next));
        return new(HttpMethod.Get, url, Kind<T>.Definition.ResourceName, Json);
    }

    public static KubeRequest Watch<T>(NamespaceScope scope, WatchOptions options)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var url = Query(
            Collection(Kind<T>.Definition, scope.Namespace),
            ("watch", "true"),
            ("labelSelector", options.LabelSelector),
            ("fieldSelector", options.FieldSelector),
            ("resourceVersion", options.ResourceVersion),
            ("allowWatchBookmarks", "true"),
            ("timeoutSeconds", ((long)options.Timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture)));
        return new(HttpMethod.Get, url, Kind<T>.Definition.ResourceName, Json);
    }

    public static KubeRequest Create<T>(string? ns, byte[] body)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var url = Collection(Kind<T>.Definition, Required(Kind<T>.Definition, ns));
        return new(HttpMethod.Post, url, Kind<T>.Definition.ResourceName, Json, Json, body);
    }

    public static KubeRequest Apply<T>(ObjectKey key, byte[] body, ApplyOptions options)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var url = Query(
            ObjectPath(Kind<T>.Definition, key), ("fieldManager", options.FieldManager), ("force", options.Force ? "true" : null));
        return new(HttpMethod.Patch, url, Kind<T>.Definition.ResourceName, Json, ApplyPatch, body);
    }

    /// <param name="subresource">With its slash: empty or <c>/status</c>.</param>
    public static KubeRequest Patch<T>(ObjectKey key, byte[] patch, PatchOptions? options, string subresource = "")
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var url = Query(ObjectPath(Kind<T>.Definition, key) + subresource, ("fieldManager", options?.FieldManager));
        return new(HttpMethod.Patch, url, Kind<T>.Definition.ResourceName + subresource, Json, MergePatch, patch);
    }

    public static KubeRequest Delete<T>(ObjectKey key, DeleteOptions options)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(options.ToBody(), KubeJson.TypeInfo<V1DeleteOptions>());
        return new(HttpMethod.Delete, ObjectPath(Kind<T>.Definition, key), Kind<T>.Definition.ResourceName, Json, Json, body);
    }

    private static string Collection(ResourceDefinition type, string? ns) =>
        $"{type.BasePath}{(ns is null ? "" : $"/namespaces/{Segment(ns)}")}/{type.Plural}";

    private static string ObjectPath(ResourceDefinition type, ObjectKey key) =>
        $"{Collection(type, Required(type, key.Namespace))}/{Segment(key.Name)}";

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

    private static string Query(string path, params IEnumerable<(string Name, string? Value)> parameters)
    {
        var given = parameters.Where(one => one.Value is not null).Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}");
        return string.Join('&', given) is { Length: > 0 } query ? $"{path}?{query}" : path;
    }
}
