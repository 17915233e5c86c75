using IrisOperator.Kube.Runtime.Diagnostics;
using Prometheus;

namespace IrisOperator.Operator.Reconciliation;

/// <summary>What the operator adds to <see cref="RuntimeMetrics"/>.</summary>
internal static class OperatorMetrics
{
    private static readonly string[] _kinds = [Kind<IrisTraining>.Definition.Kind, Kind<IrisModel>.Definition.Kind];

    private static readonly MetricFactory _create = Metrics.WithCustomRegistry(RuntimeMetrics.Registry);

    public static readonly Counter InternalErrors = _create.CreateCounter(
        "iris_operator_internal_errors_total", "Reconciles that ended by a bug of the operator, by kind.", "kind");

    static OperatorMetrics()
    {
        foreach (var kind in _kinds)
        {
            InternalErrors.WithLabels(kind);
        }
    }
}
