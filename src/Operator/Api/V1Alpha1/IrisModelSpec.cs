using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>What to serve, with what, how often. Defaults are those of the schema.</summary>
public sealed record IrisModelSpec
{
    [Description("Pods that serve. 0 is valid: nothing is served.")]
    [Minimum(0)]
    [Maximum(1000)]
    [Default(1)]
    public int? Replicas { get; init; }

    [Description(
        "The image that holds the model, or the server for a model on a volume. "
        + "Omitted: the server that the operator was installed with.")]
    public ModelImageSpec? Image { get; init; }

    [Description("Where the model comes from. Omitted: the image holds it.")]
    public ModelSource? Model { get; init; }

    [Description("The server inside each pod.")]
    public ServerSpec? Server { get; init; }

    [Description("How a change is rolled out.")]
    public RolloutSpec? Rollout { get; init; }

    [Description("True freezes Deployment and Service as they are; they go on serving.")]
    public bool? Suspend { get; init; }
}
