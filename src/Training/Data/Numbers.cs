using System.Globalization;

namespace IrisOperator.Training.Data;

/// <summary>Numbers as tables have them: a sign, digits with at most one decimal sign, an exponent; in any culture.</summary>
internal static class Numbers
{
    // Up to these, a mantissa, and a power of ten up to 22, are exact, so that one rounding gives the nearest double
    // (W. D. Clinger, "How to read floating point numbers accurately", 1990).
    private const long ExactMantissa = 1L << 53;
    private const int ExactDigits = 18;

    private static readonly double[] _powers =
        [.. Enumerable.Range(0, ExactDigits + 1).Select(power => double.Parse($"1e{power}", CultureInfo.InvariantCulture))];

    private static readonly NumberFormatInfo _decimalComma = new() { NumberDecimalSeparator = ",", NumberGroupSeparator = "." };

    public static bool TryParse(ReadOnlySpan<char> text, out double value, char decimalSign = '.') =>
        TryParseShort(text, decimalSign, out value)
        || double.TryParse(text, NumberStyles.Float, decimalSign == ',' ? _decimalComma : NumberFormatInfo.InvariantInfo, out value);

    /// <summary>What most cells hold: up to 18 digits and no exponent. False says only that it is not that.</summary>
    public static bool TryParseShort(ReadOnlySpan<char> text, char decimalSign, out double value)
    {
        value = 0;
        var isNegative = text is ['-', ..];
        var start = text is ['-' or '+', ..] ? 1 : 0;
        if (text.Length - start > ExactDigits + 1)
        {
            return false;
        }
        var (mantissa, digits, fraction) = (0L, 0, -1);
        foreach (var c in text[start..])
        {
            if (c is >= '0' and <= '9')
            {
                mantissa = (mantissa * 10) + (c - '0');
                digits++;
                continue;
            }
            if (c != decimalSign || fraction >= 0)
            {
                return false;
            }
            fraction = digits;
        }
        if (digits is 0 or > ExactDigits || mantissa > ExactMantissa)
        {
            return false;
        }
        value = fraction < 0 ? mantissa : mantissa / _powers[digits - fraction];
        value = isNegative ? -value : value;
        return true;
    }
}
