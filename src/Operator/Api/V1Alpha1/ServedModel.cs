using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>The run whose model the wanted pods serve.</summary>
public sealed record ServedModel
{
    [Description("Name of the training.")]
    public string? Training { get; init; }

    [Description("Number of the run.")]
    public int? Run { get; init; }

    [Description("Both in one, such as iris/3.")]
    public string? Source { get; init; }

    [Description("Digest of the model.")]
    public string? Digest { get; init; }
}
