using IrisOperator.Kube.Schema;

namespace IrisOperator.Operator.Api.V1Alpha1;

/// <summary>Cross-validation and the quality gate.</summary>
public sealed record EvaluationSpec
{
    [Description("Folds of the cross-validation.")]
    [Minimum(2)]
    [Maximum(100)]
    [Default(5)]
    public int? Folds { get; init; }

    [Description("Seed of every random choice. The same data, parameters and seed give the same model.")]
    [Minimum(0)]
    [Maximum(2147483647)]
    [Default(42)]
    public int? Seed { get; init; }

    [Description("Metrics that a run must reach, such as accuracy: \"0.95\". A run below is Rejected: recorded, never served.")]
    public IReadOnlyDictionary<string, string>? Require { get; init; }
}
