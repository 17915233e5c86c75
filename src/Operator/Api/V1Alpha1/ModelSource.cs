using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>Names the training whose models are served.</summary>
public sealed record ModelSource
{
    [Description("An IrisTraining of the same namespace.")]
    public TrainingReference? TrainingRef { get; init; }
}
