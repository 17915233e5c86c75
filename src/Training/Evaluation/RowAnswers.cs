using IrisOperator.Training.Data;

namespace IrisOperator.Training.Evaluation;

/// <summary>What a model answers to many rows, by all processors.</summary>
internal static class RowAnswers
{
    private const int RowsAtOnce = 1024;

    /// <param name="rows">Indices into the table.</param>
    /// <param name="take">Called with a position in <paramref name="rows"/> and the answer to that row, by several threads.</param>
    /// <exception cref="OperationCanceledException">The token says so.</exception>
    public static void ForEach(
        Model model,
        LabelledRows table,
        ReadOnlyMemory<int> rows,
        Action<int, ReadOnlySpan<double>> take,
        CancellationToken cancellationToken)
    {
        var parts = (rows.Length + RowsAtOnce - 1) / RowsAtOnce;
        SideBySide.Run(
            parts,
            part =>
            {
                var first = part * RowsAtOnce;
                var taken = rows.Span[first..Math.Min(first + RowsAtOnce, rows.Length)];
                var columns = new double[taken.Length * model.Columns];
                var answers = new double[taken.Length * model.Answers];
                for (var i = 0; i < taken.Length; i++)
                {
                    table.CopyTo(taken[i], columns.AsSpan(i * model.Columns, model.Columns));
                }
                model.PredictRows(columns, answers);
                for (var i = 0; i < taken.Length; i++)
                {
                    take(first + i, answers.AsSpan(i * model.Answers, model.Answers));
                }
            },
            cancellationToken);
    }
}
