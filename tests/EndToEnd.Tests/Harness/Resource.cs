namespace IrisOperator.EndToEnd.Tests.Harness;

/// <summary>Where a kind is found in the API, by the name that kubectl uses.</summary>
public sealed record Resource(string Name, string Prefix)
{
    public static Resource Trainings { get; } = new("iristrainings", "/apis/iris-operator.dev/v1alpha1");

    public static Resource Models { get; } = new("irismodels", "/apis/iris-operator.dev/v1alpha1");

    public static Resource Jobs { get; } = new("jobs", "/apis/batch/v1");

    public static Resource Deployments { get; } = new("deployments", "/apis/apps/v1");

    public static Resource Pods { get; } = new("pods", "/api/v1");

    public static Resource Services { get; } = new("services", "/api/v1");

    public static Resource Claims { get; } = new("persistentvolumeclaims", "/api/v1");

    public static Resource ConfigMaps { get; } = new("configmaps", "/api/v1");

    public static Resource Events { get; } = new("events", "/api/v1");

    public static Resource Leases { get; } = new("leases", "/apis/coordination.k8s.io/v1");

    public static Resource ReplicaSets { get; } = new("replicasets", "/apis/apps/v1");

    public string In(string space, string? name = null) => $"{Prefix}/namespaces/{space}/{Name}{(name is null ? "" : "/" + name)}";
}
