namespace IrisOperator.K3s;

/// <summary>The two images that a cluster is made of.</summary>
public sealed record K3sImages(string K3s, string Registry)
{
    /// <summary>The newest Kubernetes that the clients of hack/cluster are made for.</summary>
    private const string PinnedK3s = "rancher/k3s:v1.35.5-k3s1";

    private const string PinnedRegistry = "registry:2.8.3";

    /// <summary>K3S_IMAGE and K3S_REGISTRY_IMAGE, where they are set.</summary>
    public static K3sImages FromEnvironment() => new(
        Named("K3S_IMAGE") ?? PinnedK3s,
        Named("K3S_REGISTRY_IMAGE") ?? PinnedRegistry);

    private static string? Named(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } image ? image : null;
}
