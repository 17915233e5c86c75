namespace IrisOperator.Kube.Models;

/// <summary>Numbers of pods or percentages of replicas.</summary>
public sealed record V1RollingUpdateDeployment
{
    public IntOrString? MaxUnavailable { get; init; }

    public IntOrString? MaxSurge { get; init; }
}
