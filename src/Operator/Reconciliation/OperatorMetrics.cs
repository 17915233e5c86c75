using IrisOperator.Kube.Runtime.Diagnostics;
using IrisOperator.Operator.Cache;
using Prometheus;

namespace IrisOperator.Operator.Reconciliation;

/// <summary>What the operator adds to <see cref="RuntimeMetrics"/>: how its resources stand, and how runs ended.</summary>
/// <remarks>
/// No label names an object: series would grow with the cluster. What is needed of each, kube-state-metrics makes of the conditions.
/// </remarks>
internal static class OperatorMetrics
{
    private static readonly string[] _kinds = [Kind<IrisTraining>.Definition.Kind, Kind<IrisModel>.Definition.Kind];
    private static readonly string[] _outcomes = [RunState.Accepted, RunState.Rejected, RunState.Failed, RunState.Superseded];
    private static readonly string[] _statuses = ["True", "False", "Unknown"];

    private static readonly string[] _types =
        [ConditionTypes.Ready, ConditionTypes.Reconciling, ConditionTypes.Stalled, ConditionTypes.Suspended];

    private static readonly MetricFactory _create = Metrics.WithCustomRegistry(RuntimeMetrics.Registry);

    public static readonly Counter InternalErrors = _create.CreateCounter(
        "iris_operator_internal_errors_total", "Reconciles that ended by a bug of the operator, by kind.", "kind");

    private static readonly Gauge _resources = _create.CreateGauge(
        "iris_resources", "Resources by kind and condition; of the leader.", "kind", "condition", "status");

    private static readonly Counter _runs = _create.CreateCounter("iris_training_runs_total", "Runs that ended, by outcome.", "outcome");

    static OperatorMetrics()
    {
        foreach (var kind in _kinds)
        {
            InternalErrors.WithLabels(kind);
        }

        foreach (var outcome in _outcomes)
        {
            _runs.WithLabels(outcome);
        }
    }

    /// <summary>Only the leader counts: a sum over all replicas is right.</summary>
    public static void Observe(OperatorHost host, Stores stores)
    {
        host.AddGauges(() =>
        {
            Count(_kinds[0], host.IsLeading, stores.Trainings.List().Select(training => training.Status?.Conditions));
            Count(_kinds[1], host.IsLeading, stores.Models.List().Select(model => model.Status?.Conditions));
        });
        stores.Trainings.Subscribe((before, after) =>
        {
            if (before is not null && after is not null && host.IsLeading)
            {
                Ended(before.Status?.Runs ?? [], after.Status?.Runs ?? []);
            }
        });
    }

    // A condition that is absent is False, but for Ready: nobody has said yet how the object stands.
    internal static void Count(string kind, bool isLeading, IEnumerable<IReadOnlyList<V1Condition>?> objects)
    {
        var found = (isLeading ? objects : [])
            .SelectMany(conditions => _types.Select(type => (
                Type: type,
                Status: conditions?.FirstOrDefault(condition => condition.Type == type)?.Status
                    ?? (type == ConditionTypes.Ready ? "Unknown" : "False"))))
            .CountBy(one => one)
            .ToDictionary();
        foreach (var type in _types)
        {
            foreach (var status in _statuses)
            {
                _resources.WithLabels(kind, type, status).Set(found.GetValueOrDefault((type, status)));
            }
        }
    }

    internal static void Ended(IReadOnlyList<TrainingRun> before, IReadOnlyList<TrainingRun> after)
    {
        var ended = after.Where(run => _outcomes.Contains(run.State)
            && before.FirstOrDefault(known => known.Number == run.Number)?.State is null or RunState.Running);
        foreach (var run in ended)
        {
            _runs.WithLabels(run.State).Inc();
        }
    }
}
