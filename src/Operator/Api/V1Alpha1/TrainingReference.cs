using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>Follows the newest accepted run unless a run is pinned.</summary>
public sealed record TrainingReference
{
    [Description("Name of the IrisTraining.")]
    [MinLength(1)]
    [MaxLength(253)]
    public required string Name { get; init; }

    [Description("Number of the run to stay on. Omitted: the newest accepted run.")]
    [Minimum(1)]
    public int? Run { get; init; }
}
