namespace IrisOperator.Kube.Models;

/// <summary>WhenUnsatisfiable is DoNotSchedule or ScheduleAnyway.</summary>
public sealed record V1TopologySpreadConstraint
{
    public int? MaxSkew { get; init; }

    public string? TopologyKey { get; init; }

    public string? WhenUnsatisfiable { get; init; }

    public V1LabelSelector? LabelSelector { get; init; }
}
