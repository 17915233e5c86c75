using IrisOperator.Training.Data;

namespace IrisOperator.Training.Evaluation;

/// <summary>
/// How much worse a model answers rows that it has not seen when the values of one feature change places among them (L. Breiman, "Random
/// Forests", 2001, section 10): the accuracy that is lost, or what is added to the root of the mean squared error.
/// </summary>
internal sealed class PermutationImportance
{
    // Each row is answered once more for each feature: so many rows of all parts say enough, and a wide table gets fewer.
    private const int MaxRows = 1000;
    private const long MaxCells = 200_000_000;

    private readonly Dataset _dataset;
    private readonly Pcg32 _random;
    private readonly (int First, int Width)[] _columns;
    private readonly double[] _lost;
    private readonly int _rowsOfPart;
    private int _judged;

    /// <param name="parts">How many times rows are judged.</param>
    public PermutationImportance(Dataset dataset, int parts, int seed)
    {
        _rowsOfPart = RowsOfPart(dataset.Features.Count, dataset.Rows.Features, parts);
        (_dataset, _random, _lost) = (dataset, new Pcg32((ulong)seed), new double[dataset.Features.Count]);
        _columns = dataset.Columns();
    }

    /// <summary>How many rows of a part are judged at most.</summary>
    public static int RowsOfPart(int features, int columns, int parts) =>
        (int)Math.Max(1, Math.Min(MaxRows, MaxCells / ((long)features * columns)) / parts);

    /// <returns>Of each feature, the mean over all rows that were judged.</returns>
    public double[] Means() => [.. _lost.Select(lost => lost / _judged)];

    /// <param name="held">Rows that the model has not seen.</param>
    public void Judge(Model model, int[] held)
    {
        int[] rows = [.. held];
        _random.Shuffle(rows);
        rows = rows[..Math.Min(rows.Length, _rowsOfPart)];
        var loss = Loss(model, rows, rows, default);
        for (var f = 0; f < _columns.Length; f++)
        {
            int[] shuffled = [.. rows];
            _random.Shuffle(shuffled);
            _lost[f] += (Loss(model, rows, shuffled, _columns[f]) - loss) * rows.Length;
        }
        _judged += rows.Length;
    }

    /// <summary>Of the rows, with some columns from others.</summary>
    private double Loss(Model model, int[] rows, int[] others, (int First, int Width) columns)
    {
        var table = _dataset.Rows;
        var mixed = new double[rows.Length * model.Columns];
        var answers = new double[rows.Length * model.Answers];
        var other = new double[model.Columns];
        for (var i = 0; i < rows.Length; i++)
        {
            var row = mixed.AsSpan(i * model.Columns, model.Columns);
            table.CopyTo(rows[i], row);
            table.CopyTo(others[i], other);
            other.AsSpan(columns.First, columns.Width).CopyTo(row[columns.First..]);
        }
        model.PredictRows(mixed, answers);
        var sum = 0.0;
        for (var i = 0; i < rows.Length; i++)
        {
            var answer = answers.AsSpan(i * model.Answers, model.Answers);
            sum += model.IsRegression
                ? Square(answer[0] - table.Targets[rows[i]])
                : Model.MostProbable(answer) == table.Labels[rows[i]] ? 0 : 1;
        }
        return model.IsRegression ? Math.Sqrt(sum / rows.Length) : sum / rows.Length;
    }

    private static double Square(double value) => value * value;
}
