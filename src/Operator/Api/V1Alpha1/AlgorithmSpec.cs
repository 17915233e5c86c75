using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>
/// Passed to the trainer as it stands: the trainer is the authority on names and values, and its refusal ends up in the status.
/// </summary>
public sealed record AlgorithmSpec
{
    [Description("xgboost or svm with the default trainer.")]
    [MinLength(1)]
    [MaxLength(63)]
    [Default("xgboost")]
    public string? Name { get; init; }

    [Description("Parameters of the algorithm, such as rounds: \"50\". Values are strings.")]
    public IReadOnlyDictionary<string, string>? Parameters { get; init; }
}
