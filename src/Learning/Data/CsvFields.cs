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
                throw csv.Wrong($"the name of column {c + 1} needs 1 to {limits.NameLength} characters");
            }
            if (!seen.TryAdd(name, c))
            {
                throw csv.Wrong($"column name {CsvPlace.Show(name)} occurs twice (columns {seen[name] + 1} and {c + 1})");
            }
        }
        var targetIndex = target is null ? columns.Length - 1 : Array.IndexOf(columns, target);
        if (targetIndex < 0)
        {
            throw InputException.OfDataset(
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
        foreach (var (_, name) in columns.Index().Where(column => column.Index != targetIndex))
        {
            if (!CsvNumber.TryParse(name, out var number))
            {
                return false;
            }
            fraction |= number != Math.Floor(number);
        }
        return fraction;
    }
}

/// <summary>A numeric field: a decimal point, never a comma, whatever the culture of the machine.</summary>
internal static class CsvNumber
{
    public static double Parse(string field, CsvPlace where) =>
        field.Length == 0 ? throw where.Wrong("the value is missing")
        : !TryParse(field, out var value) ? throw where.Wrong($"expected a number, found {CsvPlace.Show(field)}")
        : !double.IsFinite(value) ? throw where.Wrong($"expected a finite number, found {CsvPlace.Show(field)}")
        : Math.Abs(value) <= float.MaxValue ? value

        // XGBoost computes in float32, where this would be infinite.
        : throw where.Wrong($"{CsvPlace.Show(field)} is beyond the range of a 32-bit float");

    public static bool TryParse(string field, out double value) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}

/// <summary>A field, for messages.</summary>
internal readonly record struct CsvPlace(string FileName, int Line, string Column)
{
    private const int ShownLength = 40;

    public InputException Wrong(string what) => InputException.OfDataset($"{FileName} line {Line}, column {Show(Column)}: {what}");

    /// <summary>A value in quotes, shortened, with control characters made visible: messages stay on one line.</summary>
    public static string Show(string value) => Quote(string.Concat(value.Select(c => char.IsControl(c) ? '\uFFFD' : c)), ShownLength);
}
