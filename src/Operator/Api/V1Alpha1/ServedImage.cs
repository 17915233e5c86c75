using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>The image of the wanted pods.</summary>
public sealed record ServedImage
{
    [Description("As the spec names it.")]
    public string? Version { get; init; }

    [Description("As the pods name it.")]
    public string? Reference { get; init; }
}
