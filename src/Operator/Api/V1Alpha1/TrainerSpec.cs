using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>Any image whose program takes an input and an output folder and reports through its termination message.</summary>
public sealed record TrainerSpec
{
    [Description("Omitted: the trainer that the operator was installed with.")]
    public ImageSpec? Image { get; init; }

    [Description("Requests and limits of the training container.")]
    public ResourceSpec? Resources { get; init; }
}
