using System.Globalization;

namespace IrisOperator.Learning.Data;

internal static class CsvHeader
{
    /// <summary>Checks the names and returns the index of the label column.</summary>
    public static int Validate(CsvReader csv, string[] columns, string? target, string fileName, CsvLimits limits)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var c = 0; c < columns.Length; c++)
        {
            var name = columns[c];
            if (name.Length == 0 || name.Length > limits.NameLength)
            {
                throw csv.Wrong(string.Create(
                    CultureInfo.InvariantCulture, $"the name of column {c + 1} needs 1 to {limits.NameLength} characters"));
            }
            if (!seen.TryAdd(name, c))
            {
                throw csv.Wrong(string.Create(
                    CultureInfo.InvariantCulture,
                    $"column name {CsvPlace.Show(name)} occurs twice (columns {seen[name] + 1} and {c + 1})"));
            }
        }
        var targetIndex = target is null ? columns.Length - 1 : Array.IndexOf(columns, target);
        if (targetIndex < 0)
        {
            throw new InputException(
                InputProblem.InvalidDataset,
                $"{fileName}: no column {CsvPlace.Show(target!)}; the columns are {string.Join(", ", columns)}");
        }
        if (columns.Length == 1)
        {
            throw csv.Wrong("one column only, at least one number and a label are needed");
        }
        if (LooksLikeData(columns, targetIndex))
        {
            throw csv.Wrong("expected column names, found numbers");
        }
        return targetIndex;
    }

    /// <summary>
    /// A file without a header (as the original iris.data) would lose its first row unseen. Whole numbers may be names:
    /// tables exported without names count their columns.
    /// </summary>
    private static bool LooksLikeData(string[] columns, int targetIndex)
    {
        var fraction = false;
        for (var c = 0; c < columns.Length; c++)
        {
            if (c == targetIndex)
            {
                continue;
            }
            if (!CsvNumber.TryParse(columns[c], out var number))
            {
                return false;
            }
            fraction |= number != Math.Floor(number);
        }
        return fraction;
    }
}
