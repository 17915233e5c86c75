using IrisOperator.Kube;
using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>Kubernetes quantities by resource name, such as cpu: 500m.</summary>
public sealed record ResourceSpec
{
    [Description("What the scheduler sets aside.")]
    [Quantity]
    public IReadOnlyDictionary<string, IntOrString>? Requests { get; init; }

    [Description("What the container may not exceed.")]
    [Quantity]
    public IReadOnlyDictionary<string, IntOrString>? Limits { get; init; }
}
