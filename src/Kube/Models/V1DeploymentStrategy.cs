namespace IrisOperator.Kube.Models;

/// <summary>Type is RollingUpdate or Recreate.</summary>
public sealed record V1DeploymentStrategy
{
    public string? Type { get; init; }

    public V1RollingUpdateDeployment? RollingUpdate { get; init; }
}
