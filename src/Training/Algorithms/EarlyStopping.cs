using IrisOperator.Training.Data;
using IrisOperator.Training.Evaluation;

namespace IrisOperator.Training.Algorithms;

/// <summary>
/// Boosting that ends when some rows which are not learned from are answered no better for a number of rounds, and forgets what came
/// after the best round.
/// </summary>
internal static class EarlyStopping
{
    public const string Rounds = "earlyStoppingRounds";
    public const string Share = "validationShare";

    public static IReadOnlyList<ParameterDefinition> Definitions { get; } =
    [
        ParameterDefinition.Integer(Rounds, 0, 0, 10_000),
        ParameterDefinition.Number(Share, 0.1, 0, 0.5, aboveMin: true),
    ];

    /// <returns>The rows to learn from, and those that say when to end: null without early stopping.</returns>
    public static (LabelledRows Learned, LabelledRows? Watched) Split(LabelledRows rows, FitOptions options)
    {
        if (options.Parameters.Integer(Rounds) == 0)
        {
            return (rows, null);
        }
        var split = RowSplit.HoldOut(rows, options.Parameters.Number(Share), options.Seed);
        var watched = rows.Take(split.RowsIn(0));
        return watched.Count == 0 ? (rows, null) : (rows.Take(split.RowsOutside(0)), watched);
    }
}

/// <summary>Which round answered the watched rows best.</summary>
internal sealed class BestRound(int patience)
{
    private double _least = double.PositiveInfinity;

    /// <summary>From 0.</summary>
    public int Round { get; private set; }

    /// <param name="loss">Of the watched rows after this round.</param>
    /// <returns>Whether to go on.</returns>
    public bool Continues(int round, double loss)
    {
        if (loss < _least)
        {
            (_least, Round) = (loss, round);
        }
        return round - Round < patience;
    }

    /// <summary>Mean logarithmic loss of the probabilities, or mean squared error.</summary>
    /// <param name="answers">Row after row, one per class, or one number.</param>
    public static double Loss(LabelledRows rows, ReadOnlySpan<float> answers)
    {
        var sum = 0.0;
        for (var row = 0; row < rows.Count; row++)
        {
            sum += rows.Classes == 0
                ? Math.Pow(answers[row] - rows.Targets[row], 2)
                : -Math.Log(Math.Max(answers[(row * rows.Classes) + rows.Labels[row]], Metrics.MinProbability));
        }
        return sum / rows.Count;
    }
}
