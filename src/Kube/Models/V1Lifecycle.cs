namespace IrisOperator.Kube.Models;

/// <summary>There is no sleep action before Kubernetes 1.29, and chiselled images have no sleep program.</summary>
public sealed record V1Lifecycle
{
    public V1LifecycleHandler? PreStop { get; init; }
}
