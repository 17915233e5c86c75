using System.Globalization;
using IrisOperator.Training.Algorithms;
using IrisOperator.Training.Data;
using IrisOperator.Training.Evaluation;

namespace IrisOperator.Training;

/// <summary>A bound that a run must reach to be accepted: a least or a greatest value of a metric.</summary>
public sealed record Requirement
{
    private static readonly Bound[] _bounds =
    [
        new(MetricName.Accuracy, TableTask.Classification, 0, 1, IsLeast: true),
        new(MetricName.MacroF1, TableTask.Classification, 0, 1, IsLeast: true),
        new(MetricName.LogLoss, TableTask.Classification, 0, 100, IsLeast: false),
        new(MetricName.RocAuc, TableTask.Classification, 0, 1, IsLeast: true),
        new(MetricName.Rmse, TableTask.Regression, 0, double.MaxValue, IsLeast: false),
        new(MetricName.Mae, TableTask.Regression, 0, double.MaxValue, IsLeast: false),
        new(MetricName.R2, TableTask.Regression, -1, 1, IsLeast: true),
    ];

    private readonly Bound _bound;

    private Requirement(Bound bound, double value) => (_bound, Value) = (bound, value);

    public string Metric => _bound.Metric;

    public double Value { get; }

    /// <summary>"accuracy=0.95".</summary>
    /// <exception cref="InputException">An unknown metric or a value that cannot be reached or missed.</exception>
    public static Requirement Parse(string text)
    {
        var parts = text.Split('=', 2);
        var bound = _bounds.FirstOrDefault(one => one.Metric == parts[0].Trim())
            ?? throw Wrong($"no metric {Values.Show(parts[0].Trim())}; there are {string.Join(", ", _bounds.Select(one => one.Metric))}");
        var valueText = parts.Length == 2 ? parts[1] : "";
        if (!Numbers.TryParse(valueText, out var value) || !(value >= bound.Min && value <= bound.Max))
        {
            var range = bound.Max == double.MaxValue
                ? "of 0 or above"
                : $"from {ParameterDefinition.Text(bound.Min)} to {ParameterDefinition.Text(bound.Max)}";
            throw Wrong($"expected a number {range}, found {Values.Show(valueText)}");
        }
        return new Requirement(bound, value);

        InputException Wrong(string what) => new(InputProblem.InvalidArgument, $"required {text}: {what}");
    }

    /// <exception cref="InputException">The metric is one of the other task.</exception>
    public void CheckTask(TableTask task)
    {
        if (_bound.Task != task)
        {
            var metrics = string.Join(", ", _bounds.Where(one => one.Task == task).Select(one => one.Metric));
            throw new InputException(
                InputProblem.InvalidArgument, $"required {Metric}: a {task.ToString().ToLowerInvariant()} has {metrics}");
        }
    }

    /// <summary>Null if the bound is reached, else a sentence for people.</summary>
    public string? Unmet(Metrics metrics)
    {
        var required = ParameterDefinition.Text(Value);
        if (!metrics.Values.TryGetValue(Metric, out var actual))
        {
            return $"{Metric} cannot be told of these rows; {required} is required";
        }
        var (isMet, relation) = _bound.IsLeast ? (actual >= Value, "below") : (actual <= Value, "above");
        return isMet ? null : string.Create(CultureInfo.InvariantCulture, $"{Metric} {actual:F4} is {relation} the required {required}");
    }

    /// <summary>Null if all bounds are reached, else a sentence for each that is not.</summary>
    public static string? Unmet(IReadOnlyList<Requirement> requirements, Metrics metrics)
    {
        string[] unmet = [.. requirements.Select(requirement => requirement.Unmet(metrics)).OfType<string>()];
        return unmet.Length == 0 ? null : string.Join("; ", unmet);
    }

    private sealed record Bound(string Metric, TableTask Task, double Min, double Max, bool IsLeast);
}
