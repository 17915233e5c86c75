using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>Settings of the prediction server.</summary>
public sealed record ServerSpec
{
    [Description("Port inside the pod. The Service listens on 80.")]
    [Minimum(1024)]
    [Maximum(65535)]
    [Default(8080)]
    public int? Port { get; init; }

    [Description("Requests and limits of the serving container.")]
    public ResourceSpec? Resources { get; init; }

    [Description("A prediction that takes longer, in seconds, is answered with an error.")]
    [Minimum(1)]
    [Maximum(300)]
    [Default(2)]
    public int? RequestTimeoutSeconds { get; init; }

    [Description("Predictions at one time in each pod; more are answered with 503. 0: twice the cores.")]
    [Minimum(0)]
    [Maximum(10000)]
    [Default(0)]
    public int? MaxConcurrency { get; init; }
}
