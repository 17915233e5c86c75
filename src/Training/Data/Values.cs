using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace IrisOperator.Training.Data;

/// <summary>What a cell may say beside text and numbers: nothing, or a truth value; and how it is shown in messages.</summary>
internal static class Values
{
    private const int ShownLength = 40;

    /// <summary>Blank to the eye, though Unicode counts these among letters, symbols and marks.</summary>
    private const string BlankGlyphs = "\u034F\u115F\u1160\u2800\u3164\uFFA0";

    /// <summary>
    /// What R (<c>NA</c>), pandas (the defaults of <c>read_csv</c>), Excel (<c>#N/A</c> and its other errors) and SQL clients
    /// (<c>NULL</c>, <c>\N</c>) write where there is no value. Letter case counts, as it does for those.
    /// </summary>
    private static readonly FrozenSet<string> _spellings = FrozenSet.Create(
        StringComparer.Ordinal,
        "", "NA", "N/A", "n/a", "<NA>", "#NA", "#N/A", "#N/A N/A", "#VALUE!", "#DIV/0!", "#REF!", "#NAME?", "#NUM!", "#NULL!",
        "NaN", "nan", "NAN", "-NaN", "-nan", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN", "NULL", "null", "Null", "<null>", "(null)",
        "\\N", "None", "NaT");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _missing =
        _spellings.GetAlternateLookup<ReadOnlySpan<char>>();

    public static IReadOnlyCollection<string> MissingSpellings => _spellings;

    public static bool IsMissing(ReadOnlySpan<char> value) => value.IsEmpty || _missing.Contains(value);

    /// <summary>True and false as pandas, R, SQL and spreadsheets write them.</summary>
    public static bool TryTruth(ReadOnlySpan<char> value, out double number)
    {
        number = value.Equals("true", StringComparison.OrdinalIgnoreCase) ? 1 : 0;
        return number == 1 || value.Equals("false", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Without blanks, control characters and what cannot be seen, at both ends.</summary>
    public static ReadOnlySpan<char> Trim(ReadOnlySpan<char> value)
    {
        var (start, end) = (0, value.Length);
        while (start < end && IsInvisible(value[start]))
        {
            start++;
        }
        while (end > start && IsInvisible(value[end - 1]))
        {
            end--;
        }
        return value[start..end];
    }

    /// <summary>One text for all that look alike: runs of blanks are one blank, other invisible characters are left out.</summary>
    public static string LookOf(string value)
    {
        var look = new StringBuilder(value.Length);
        foreach (var c in value)
        {
            var isBlank = char.IsWhiteSpace(c) || BlankGlyphs.Contains(c);
            if (isBlank && look is { Length: > 0 } && look[^1] != ' ')
            {
                look.Append(' ');
            }
            else if (!isBlank && !IsInvisible(c))
            {
                look.Append(c);
            }
        }
        return look.ToString();
    }

    /// <summary>A value in quotes, shortened, with every character spelled out that cannot be seen: messages stay on one line.</summary>
    public static string Show(ReadOnlySpan<char> value)
    {
        var shown = new StringBuilder();
        foreach (var c in value[..Math.Min(value.Length, ShownLength + 1)])
        {
            _ = IsInvisible(c) && c != ' '
                ? shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}")
                : shown.Append(c);
        }
        return Quote(shown.ToString(), ShownLength);
    }

    private static bool IsInvisible(char c)
    {
        if (c is > ' ' and < '\u007F')
        {
            return false;
        }
        return char.IsWhiteSpace(c) || char.IsControl(c) || BlankGlyphs.Contains(c)
            || CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.Format;
    }
}
