using System.Globalization;

namespace IrisOperator.Training.Data;

/// <summary>A column that is not learned from, and says which rows are held out: by a mark in each, or by what comes last.</summary>
/// <param name="IsOrder">False where a row is held out whose value is 1, and learned from where it is 0.</param>
/// <param name="Values">One per row; of a date its ticks.</param>
public sealed record RowMarks(string Column, bool IsOrder, IReadOnlyList<double> Values)
{
    /// <exception cref="InputException">The cell is no mark; names the column.</exception>
    internal static double Mark(DelimitedReader reader, string column, ReadOnlySpan<char> cell) =>
        cell.ToString().ToLowerInvariant() switch
        {
            "1" or "true" or "yes" or "test" or "holdout" or "validation" => 1,
            "0" or "false" or "no" or "train" or "training" => 0,
            _ => throw reader.Wrong(column, $"expected test or train, true or false, 1 or 0, found {Data.Values.Show(cell)}"),
        };

    /// <exception cref="InputException">The cell is neither a number nor a date; names the column.</exception>
    internal static double Place(DelimitedReader reader, string column, ReadOnlySpan<char> cell) =>
        Numbers.TryParse(cell, out var number, reader.Dialect.DecimalSign) ? number
        : DateTimeOffset.TryParse(cell, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date.UtcTicks
        : throw reader.Wrong(column, $"expected a number, or a date such as 2026-11-27, found {Data.Values.Show(cell)}");
}
