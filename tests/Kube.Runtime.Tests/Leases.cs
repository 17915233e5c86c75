namespace IrisOperator.Kube.Runtime.Tests;

/// <summary>Short ways to objects and events.</summary>
internal static class Leases
{
    public static WatchEvent<V1Lease> Opened => new() { Type = WatchEventType.Opened };

    public static WatchEvent<V1Lease> Expired =>
        new() { Type = WatchEventType.Error, Status = new V1Status { Code = 410, Reason = "Expired", Message = "too old" } };

    public static V1Lease Lease(string name, string version, long generation = 1) => Kind<V1Lease>.Complete(new()
    {
        Metadata = new V1ObjectMeta
        {
            NamespaceProperty = "ns",
            Name = name,
            Uid = $"uid-{name}",
            ResourceVersion = version,
            Generation = generation,
        },
    });

    public static WatchEvent<V1Lease> Event(WatchEventType type, string name, string version) =>
        new() { Type = type, Object = Lease(name, version), ResourceVersion = version };

    public static WatchEvent<V1Lease> Bookmark(string version) => new() { Type = WatchEventType.Bookmark, ResourceVersion = version };

    public static ObjectKey Key(string name) => new("ns", name);

    public static KubeApiException Error(int code, string reason = "") =>
        new(new V1Status { Code = code, Reason = reason, Message = $"code {code}" });
}
