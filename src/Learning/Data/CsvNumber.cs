using System.Globalization;

namespace IrisOperator.Learning.Data;

/// <summary>A numeric field: a decimal point, never a comma, whatever the culture of the machine.</summary>
internal static class CsvNumber
{
    public static double Parse(string field, CsvPlace where)
    {
        if (field.Length == 0)
        {
            throw where.Wrong("the value is missing");
        }
        if (!TryParse(field, out var value))
        {
            throw where.Wrong($"expected a number, found {CsvPlace.Show(field)}");
        }
        if (!double.IsFinite(value))
        {
            throw where.Wrong($"expected a finite number, found {CsvPlace.Show(field)}");
        }
        if (Math.Abs(value) > float.MaxValue)
        {
            // XGBoost computes in float32, where this would be infinite.
            throw where.Wrong($"{CsvPlace.Show(field)} is beyond the range of a 32-bit float");
        }
        return value;
    }

    public static bool TryParse(string field, out double value)
    {
        return double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }
}
