using System.Globalization;
using IrisOperator.Training.Algorithms;
using IrisOperator.Training.Data;
using IrisOperator.Training.Evaluation;

namespace IrisOperator.Training;

/// <summary>A bound that a run must reach to be accepted: a least accuracy, macro F1 or ROC AUC, or a greatest log loss.</summary>
public sealed record Requirement
{
    private const string Accuracy = "accuracy";
    private const string MacroF1 = "macroF1";
    private const string LogLoss = "logLoss";
    private const string RocAuc = "rocAuc";

    private Requirement(string metric, double value) => (Metric, Value) = (metric, value);

    public string Metric { get; }

    public double Value { get; }

    /// <summary>"accuracy=0.95".</summary>
    /// <exception cref="InputException">An unknown metric or a value that cannot be reached or missed.</exception>
    public static Requirement Parse(string text)
    {
        var parts = text.Split('=', 2);
        var (metric, max) = parts[0].Trim() switch
        {
            Accuracy => (Accuracy, 1.0),
            MacroF1 => (MacroF1, 1.0),
            LogLoss => (LogLoss, 100.0),
            RocAuc => (RocAuc, 1.0),
            var other => throw Wrong($"no metric {Values.Show(other)}; there are {Accuracy}, {MacroF1}, {LogLoss}, {RocAuc}"),
        };
        var valueText = parts.Length == 2 ? parts[1] : "";
        if (!Numbers.TryParse(valueText, out var value) || !(value >= 0 && value <= max))
        {
            throw Wrong($"expected a number from 0 to {ParameterDefinition.Text(max)}, found {Values.Show(valueText)}");
        }
        return new Requirement(metric, value);

        InputException Wrong(string what) => new(InputProblem.InvalidArgument, $"required {text}: {what}");
    }

    /// <summary>Null if the bound is reached, else a sentence for people.</summary>
    public string? Unmet(Metrics metrics)
    {
        var (actual, met, relation) = Metric switch
        {
            Accuracy => (metrics.Accuracy, metrics.Accuracy >= Value, "below"),
            MacroF1 => (metrics.MacroF1, metrics.MacroF1 >= Value, "below"),
            RocAuc => (metrics.RocAuc ?? 0, metrics.RocAuc >= Value, "below"),
            _ => (metrics.LogLoss, metrics.LogLoss <= Value, "above"),
        };
        var required = ParameterDefinition.Text(Value);
        return met ? null : string.Create(CultureInfo.InvariantCulture, $"{Metric} {actual:F4} is {relation} the required {required}");
    }
}
