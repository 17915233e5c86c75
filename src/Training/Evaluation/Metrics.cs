namespace IrisOperator.Training.Evaluation;

/// <summary>How good the answers on rows are that the model had not seen.</summary>
/// <param name="Values">Each of <see cref="MetricName"/> that there is, in the order of a report.</param>
/// <param name="Classes">In the order of the class numbers; empty for a regression.</param>
/// <param name="Confusion">Row: true class; column: predicted class.</param>
public sealed record Metrics(
    IReadOnlyDictionary<string, double> Values, IReadOnlyList<ClassMetrics> Classes, IReadOnlyList<IReadOnlyList<int>> Confusion)
{
    /// <summary>A certain wrong answer costs 34.5 instead of infinity.</summary>
    public const double MinProbability = 1e-15;

    /// <param name="labels">The true class of each row.</param>
    /// <param name="probabilities">Row after row, one per class.</param>
    public static Metrics Of(IReadOnlyList<string> classes, ReadOnlySpan<int> labels, ReadOnlySpan<double> probabilities)
    {
        var k = classes.Count;
        var confusion = Enumerable.Range(0, k).Select(_ => new int[k]).ToArray();
        var loss = 0.0;
        for (var row = 0; row < labels.Length; row++)
        {
            var answer = probabilities.Slice(row * k, k);
            confusion[labels[row]][Model.MostProbable(answer)]++;
            loss -= Math.Log(Math.Clamp(answer[labels[row]], MinProbability, 1));
        }
        var areas = Areas(k, labels, probabilities);
        ClassMetrics[] perClass = [.. Enumerable.Range(0, k).Select(c => OfClass(classes[c], c, confusion, areas[c]))];
        var values = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            [MetricName.Accuracy] = Ratio(Enumerable.Range(0, k).Sum(c => confusion[c][c]), labels.Length),
            [MetricName.MacroF1] = perClass.Average(c => c.F1),
            [MetricName.LogLoss] = loss / labels.Length,
        };
        if (areas.Average() is { } area)
        {
            values[MetricName.RocAuc] = area;
        }
        return new Metrics(values, perClass, confusion);
    }

    /// <param name="targets">The true number of each row.</param>
    /// <param name="answers">As many.</param>
    public static Metrics Of(ReadOnlySpan<double> targets, ReadOnlySpan<double> answers)
    {
        var mean = 0.0;
        foreach (var target in targets)
        {
            mean += target / targets.Length;
        }
        var (squares, absolutes, variance) = (0.0, 0.0, 0.0);
        for (var row = 0; row < targets.Length; row++)
        {
            var error = answers[row] - targets[row];
            squares += error * error;
            absolutes += Math.Abs(error);
            variance += (targets[row] - mean) * (targets[row] - mean);
        }
        var values = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            [MetricName.Rmse] = Math.Sqrt(squares / targets.Length),
            [MetricName.Mae] = absolutes / targets.Length,
        };
        if (variance > 0)
        {
            values[MetricName.R2] = 1 - (squares / variance);
        }
        return new Metrics(values, [], []);
    }

    private static double?[] Areas(int classes, ReadOnlySpan<int> labels, ReadOnlySpan<double> probabilities)
    {
        var (scores, isOfClass) = (new double[labels.Length], new bool[labels.Length]);
        var areas = new double?[classes];
        for (var c = 0; c < classes; c++)
        {
            for (var row = 0; row < labels.Length; row++)
            {
                (scores[row], isOfClass[row]) = (probabilities[(row * classes) + c], labels[row] == c);
            }
            areas[c] = RocCurve.Area(scores, isOfClass);
        }
        return areas;
    }

    private static ClassMetrics OfClass(string name, int c, int[][] confusion, double? area)
    {
        var right = confusion[c][c];
        var actual = confusion[c].Sum();
        var predicted = confusion.Sum(row => row[c]);
        return new ClassMetrics(name, Ratio(right, predicted), Ratio(right, actual), Ratio(2 * right, predicted + actual), area, actual);
    }

    private static double Ratio(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}

/// <summary>One class against all others. A ratio with nothing below the line is 0.</summary>
/// <param name="Precision">Right among those predicted as this class.</param>
/// <param name="Recall">Right among those that are this class.</param>
/// <param name="F1">Harmonic mean of the two.</param>
/// <param name="RocAuc">Area below the ROC curve of its probability; null where no row is of the class, or all are.</param>
public sealed record ClassMetrics(string Class, double Precision, double Recall, double F1, double? RocAuc, int Rows);

/// <summary>What metrics are called in options, reports and annotations.</summary>
public static class MetricName
{
    /// <summary>Share of the rows whose class is predicted.</summary>
    public const string Accuracy = "accuracy";

    /// <summary>Mean of F1 over the classes, each with the same weight.</summary>
    public const string MacroF1 = "macroF1";

    /// <summary>Mean of -ln p(true class), natural logarithm, p at least <see cref="Metrics.MinProbability"/>.</summary>
    public const string LogLoss = "logLoss";

    /// <summary>Mean of the area below the ROC curve over the classes that have one.</summary>
    public const string RocAuc = "rocAuc";

    /// <summary>Root of the mean of the squared errors, in the unit of the target.</summary>
    public const string Rmse = "rmse";

    /// <summary>Mean of the absolute errors, in the unit of the target.</summary>
    public const string Mae = "mae";

    /// <summary>1 - squared errors / squared distances from the mean; not there where all targets are the same.</summary>
    public const string R2 = "r2";
}
